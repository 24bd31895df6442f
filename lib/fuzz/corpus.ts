import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINK_TYPE } from '../pcap/linkType.js';
import { atSwitchPort, SWITCH_PORT_LINKS } from '../pcap/testing/switchPort.js';
import { pcapHeader, pcapRecord, pcapngHeader, pcapngRecord, pcapngStatistics } from '../pcap/write.js';
import { MIRRORS, mirrorPacket, type Mirror } from '../production/testing/mirrorPackets.js';
import { buildFrame } from '../wire/build.js';
import type { KindId } from '../wire/kinds.js';

export const CORPUS_HOST = '02:00:00:00:01:0a';

/** Two captures of the same ten seconds, without damage. */
export interface Pair {
  readonly name: string;
  readonly files: readonly [Uint8Array, Uint8Array];
}

const KINDS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'ns-multicast',
  'na-solicited',
  'data-udp',
  'ns-dad-nonce',
  'data-tcp',
  'lacpdu',
];

interface Stamped {
  readonly seconds: number;
  readonly nanos: number;
  readonly frame: Uint8Array;
}

function frames(leaf: number): Stamped[] {
  return Array.from({ length: 64 }, (_, i): Stamped | null => {
    const kind = KINDS[i % KINDS.length] ?? 'lacpdu';
    if (kind.startsWith('data') && i % 2 !== leaf) return null;
    const at = i * 150_000_000 + ((i * 7_919) % 97) * 1_000_000 + leaf * 40_000;
    const frame = buildFrame(kind, {
      sourceMac: CORPUS_HOST,
      sourceIpv4: '192.0.2.10',
      sourceIpv6: '2001:db8::a',
      gatewayMac: '02:00:00:0f:00:01',
      gatewayIpv4: '192.0.2.1',
      gatewayIpv6: '2001:db8::1',
      // A LACPDU belongs to one port: its number varies with the variation.
      variation: kind === 'lacpdu' ? leaf : i + 1,
      salt: 1,
      id: i,
      tags: i % 5 === 0 ? [{ tpid: 0x8100, vid: 10, pcp: 0, dei: false }] : [],
    });
    return { seconds: 1_760_000_000 + Math.floor(at / 1e9), nanos: at % 1e9, frame };
  }).filter((frame) => frame !== null);
}

/** The capture of any leaf; data is on the first two only. */
export function classic(leaf: number): Uint8Array {
  return Buffer.concat([pcapHeader(LINK_TYPE.ethernet), ...frames(leaf).map(pcapRecord)]);
}

function modern(leaf: number): Uint8Array {
  return Buffer.concat([
    pcapngHeader([
      { name: 'swp1', linkType: LINK_TYPE.ethernet, snapLength: 256 },
      { name: 'swp2', linkType: LINK_TYPE.ethernet, snapLength: 0 },
    ]),
    ...frames(leaf).map((frame, i) => pcapngRecord({ ...frame, iface: i % 2, comment: `frame ${i}` })),
    pcapngStatistics(0, { seconds: 1_760_000_010, nanos: 0 }, { received: 64, dropped: 0 }),
  ]);
}

/** Linux cooked, version 2, as `tcpdump -i any` writes it. */
function cooked(leaf: number): Uint8Array {
  const records = frames(leaf).map(({ seconds, nanos, frame }) => {
    const header = Uint8Array.of(
      frame[12] ?? 0,
      frame[13] ?? 0,
      0,
      0,
      0,
      0,
      0,
      2,
      0,
      1,
      (frame[0] ?? 0) === 0xff ? 1 : 0,
      6,
      ...frame.subarray(6, 12),
      0,
      0,
    );
    return pcapRecord({ seconds, nanos, frame: Buffer.concat([header, frame.subarray(14)]) });
  });
  return Buffer.concat([pcapHeader(LINK_TYPE.linuxSll2), ...records]);
}

/** The collector of a mirror of each leaf's port, over either family. */
function mirrored(mirror: Mirror, leaf: number): Uint8Array {
  return Buffer.concat([
    pcapHeader(LINK_TYPE.ethernet),
    ...frames(leaf).map(({ frame, ...stamp }, i) => {
      const packet = { frame, session: 11 + leaf, sequence: (0xfffffff0 + i) >>> 0, exporter: 1 + leaf };
      return pcapRecord({ ...stamp, frame: mirrorPacket(mirror, packet, leaf === 0 ? 4 : 6) });
    }),
  ]);
}

/** What the CPU of a switch sees of a port. */
function atSwitch(linkType: number, leaf: number): Uint8Array {
  return Buffer.concat([
    pcapHeader(linkType),
    ...frames(leaf).map(({ frame, ...stamp }) =>
      pcapRecord({ ...stamp, frame: atSwitchPort(frame, linkType, 1 + leaf) }),
    ),
  ]);
}

/** E-tag, VN-tag or DSA behind the MAC addresses. */
function portTagged(leaf: number): Uint8Array {
  const tag =
    leaf === 0 ? [0x89, 0x3f, 0, 0, 1, 0, 0, 0, 0x89, 0x26, 0x80, 1, 0, 2] : [0xda, 0xda, 0, 0, 0xc0, 0x28, 0, 1];
  return Buffer.concat([
    pcapHeader(LINK_TYPE.ethernet),
    ...frames(leaf).map(({ frame, ...stamp }) =>
      pcapRecord({ ...stamp, frame: Uint8Array.of(...frame.subarray(0, 12), ...tag, ...frame.subarray(12)) }),
    ),
  ]);
}

/** This project's own captures. */
export function ownCaptures(): Pair[] {
  return [
    { name: 'pcap', files: [classic(0), classic(1)] },
    { name: 'pcapng', files: [modern(0), modern(1)] },
    { name: 'cooked', files: [cooked(0), cooked(1)] },
    { name: 'port tags', files: [portTagged(0), portTagged(1)] },
    ...MIRRORS.map((mirror): Pair => ({ name: mirror, files: [mirrored(mirror, 0), mirrored(mirror, 1)] })),
    ...SWITCH_PORT_LINKS.map((type): Pair => ({
      name: `link type ${type}`,
      files: [atSwitch(type, 0), atSwitch(type, 1)],
    })),
  ];
}

/** The same ones as other programs write them, where these are installed. */
export function rewrittenCaptures(): Pair[] {
  const pairs: Pair[] = [];
  const rewritten = rewrite(classic(0), ['tcpdump', '-r', 'in', '-w', 'out']);
  if (rewritten !== null) pairs.push({ name: 'tcpdump', files: [rewritten, classic(1)] });
  const sharked = rewrite(classic(0), ['tshark', '-r', 'in', '-w', 'out']);
  if (sharked !== null) pairs.push({ name: 'tshark', files: [sharked, modern(1)] });
  return pairs;
}

export function corpus(): Pair[] {
  return [...ownCaptures(), ...rewrittenCaptures()];
}

function rewrite(capture: Uint8Array, [program = '', ...args]: readonly string[]): Uint8Array | null {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-corpus-'));
  try {
    writeFileSync(join(folder, 'in'), capture);
    writeFileSync(join(folder, 'out'), '', { mode: 0o666 });
    // tcpdump may give up its privileges before it opens what it writes.
    execFileSync(program, [...(program === 'tcpdump' && process.getuid?.() === 0 ? ['-Z', 'root'] : []), ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
    return readFileSync(join(folder, 'out'));
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
