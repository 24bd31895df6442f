import { mutate } from '../../fuzz/mutate.js';
import { macNumber } from '../../judge/read/macs.js';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { pcapHeader, pcapngHeader, pcapngRecord, pcapngStatistics, pcapRecord } from '../../pcap/write.js';
import { buildFrame } from '../../wire/build.js';
import { withTags } from '../../wire/ethernet.js';
import { KINDS, type KindId } from '../../wire/kinds.js';
import type { VlanTpid } from '../../wire/frame.js';
import type { Reading } from './bothReaders.js';
import { MIRRORS, mirrorPacket } from './mirrorPackets.js';

type Random = () => number;

const HOSTS = ['02:00:00:00:01:0a', '02:00:00:00:01:0b', '02:00:00:00:01:0c', '03:00:00:00:01:0d'];
const GATEWAY = '02:00:00:0f:00:01';
const START = 1_760_000_000;
const TPIDS: readonly VlanTpid[] = [0x8100, 0x88a8, 0x9100];
/** Kinds of which most captures consist. */
const COMMON: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'ns-multicast',
  'ns-dad-nonce',
  'na-solicited',
  'na-unsolicited',
  'data-tcp',
  'data-udp',
  'data-echo6',
];

/** Bytes that mean something in headers: versions, protocols, options, flags of fragments, hop limits. */
const TELLING = [0, 1, 4, 6, 14, 17, 0x20, 0x21, 0x40, 44, 0x45, 47, 58, 60, 0x60, 67, 128, 135, 136, 143, 254, 255];
/** Headers that are cut. */
const SHORT = 80;
/** ns. */
const STEPS_BACK = [900, 5_000_000, 80_000_000];

interface Stamped {
  readonly seconds: number;
  readonly nanos: number;
  readonly frame: Uint8Array;
  readonly original: number;
}

const below = (random: Random, most: number): number => Math.floor(random() * most);

function oneOf<T>(random: Random, list: readonly T[], or: T): T {
  return list[below(random, list.length)] ?? or;
}

/** A capture by chance: mostly such as leaves give, some of them odd, some broken. The same for the same dice. */
export function randomReading(random: Random): Reading {
  const files = Array.from({ length: random() < 0.1 ? 2 : 1 }, () => {
    const file = randomFile(random, 1 + below(random, 40));
    return random() < 0.3 ? mutate(file, random) : file;
  });
  const isAuto = random() < 0.4;
  return {
    files,
    interest: {
      hosts: isAuto ? [] : HOSTS.slice(0, 1 + below(random, 3)).map(macNumber),
      isAuto,
      leaves: random() < 0.4 ? [macNumber(GATEWAY)] : [],
    },
    selection: { by: random() < 0.2 ? 'port' : 'everything' },
    chunks: random() < 0.1 ? [97, 1, 400] : random() < 0.3 ? [1_000, 333] : [0x10000],
  };
}

function randomFile(random: Random, frames: number): Uint8Array {
  let ns = below(random, 1_000_000_000);
  const stamped = Array.from({ length: frames }, (): Stamped => {
    if (random() < 0.02) ns = Math.max(0, ns - below(random, oneOf(random, STEPS_BACK, 0)));
    else ns += random() < 0.9 ? below(random, 3_000_000) : below(random, 3_000_000_000);
    const whole = randomFrame(random);
    const most = random() < 0.5 ? whole.length : Math.min(whole.length, SHORT);
    const frame = random() < 0.2 ? whole.subarray(0, below(random, most + 1)) : whole;
    // A record that holds more than there was is damage.
    const original = whole.length + (random() < 0.1 ? below(random, 1_000) : random() < 0.005 ? -whole.length : 0);
    return { seconds: START + Math.floor(ns / 1e9), nanos: ns % 1e9, frame, original };
  });
  const shape = random();
  if (shape < 0.5) return Buffer.concat([pcapHeader(LINK_TYPE.ethernet), ...stamped.map(pcapRecord)]);
  if (shape < 0.65) return inMicroseconds(stamped);
  const interfaces = random() < 0.8 ? 1 : 2;
  const description = { name: 'swp1', linkType: LINK_TYPE.ethernet, snapLength: 256 };
  return Buffer.concat([
    pcapngHeader(Array.from({ length: interfaces }, () => description)),
    ...stamped.flatMap((record, i) => [
      randomBlock(random, { ...record, iface: i % interfaces }),
      ...(random() < 0.05
        ? [pcapngStatistics(0, { seconds: START, nanos: 0 }, { received: i, dropped: below(random, 2) })]
        : []),
    ]),
  ]);
}

/** A packet with an option or without. */
function randomBlock(random: Random, record: Stamped & { readonly iface: number }): Uint8Array {
  if (random() < 0.8) return pcapngRecord(record);
  const block = pcapngRecord({ ...record, comment: '12345678' });
  // The comment's eight bytes as a count of lost frames.
  const option = 28 + ((record.frame.length + 3) & ~3);
  if (random() < 0.3) block[option] = 4;
  else if (random() < 0.1) block[option + 2] = below(random, 256);
  return block;
}

/** The older format, whose fractions are microseconds. */
function inMicroseconds(stamped: readonly Stamped[]): Uint8Array {
  const header = pcapHeader(LINK_TYPE.ethernet);
  header.set([0xd4, 0xc3, 0xb2, 0xa1]);
  return Buffer.concat([
    header,
    ...stamped.map((record) => pcapRecord({ ...record, nanos: Math.floor(record.nanos / 1_000) })),
  ]);
}

function randomFrame(random: Random): Uint8Array {
  const kind = random() < 0.5 ? oneOf(random, COMMON, 'data-tcp') : oneOf(random, KINDS, KINDS[0]).id;
  const source = random() < 0.2 ? GATEWAY : oneOf(random, HOSTS, GATEWAY);
  const tags = random() < 0.7 ? 0 : 1 + below(random, 3);
  const built = buildFrame(kind, {
    sourceMac: source,
    // Two of the hosts have one address.
    sourceIpv4: `192.0.2.${10 + (HOSTS.indexOf(source) % 3)}`,
    sourceIpv6: `2001:db8::${10 + (HOSTS.indexOf(source) % 3)}`,
    gatewayMac: random() < 0.2 ? oneOf(random, HOSTS, GATEWAY) : GATEWAY,
    gatewayIpv4: '192.0.2.1',
    gatewayIpv6: '2001:db8::1',
    variation: below(random, 4),
    salt: 1,
    id: below(random, 100),
    ...(random() < 0.3 ? { payloadBytes: 60 + below(random, 200) } : {}),
  });
  const bare = random() < 0.7 ? built.slice(0, Math.max(14, built.length - 12)) : built;
  const frame = withTags(
    bare,
    Array.from({ length: tags }, () => ({
      tpid: oneOf(random, TPIDS, 0x8100),
      vid: below(random, 4096),
      pcp: below(random, 8),
      dei: random() < 0.5,
    })),
  );
  if (random() < 0.05)
    return broken(
      random,
      mirrorPacket(
        oneOf(random, MIRRORS, MIRRORS[0]),
        { frame, session: below(random, 3), sequence: below(random, 10), exporter: 1 },
        random() < 0.5 ? 4 : 6,
      ),
    );
  return broken(random, frame);
}

/** Now and then with some wrong bytes where headers are. */
function broken(random: Random, frame: Uint8Array): Uint8Array {
  if (random() < 0.3) {
    const changed = Uint8Array.from(frame);
    for (let i = 1 + below(random, 3); i > 0; i--)
      changed[below(random, Math.min(random() < 0.5 ? 60 : 100, changed.length))] =
        random() < 0.6 ? oneOf(random, TELLING, 0) : below(random, 256);
    return changed;
  }
  return frame;
}
