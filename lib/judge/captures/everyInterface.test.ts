import { expect, test } from '@playwright/test';
import { LINK_TYPE, PACKET_TYPE } from '../../pcap/linkType.js';
import { pcapHeader, pcapngHeader, pcapngRecord, pcapRecord } from '../../pcap/write.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';

const START_SECONDS = 1_760_000_000;
const TAG: VlanTag = { tpid: 0x8100, vid: 20, pcp: 0, dei: false };

interface Sighting {
  readonly ns: number;
  readonly frame: Uint8Array;
  readonly iface: number;
}

/** As `tcpdump -i any` writes it; libpcap leaves out the tag. */
function cooked(sightings: readonly Sighting[], linkType: number): Uint8Array {
  const records = [...sightings]
    .sort((a, b) => a.ns - b.ns)
    .map(({ ns, frame, iface }) => {
      const source = frame.subarray(6, 12);
      const protocol = frame.subarray(12, 14);
      const type = frame[0] === 0xff ? PACKET_TYPE.broadcast : PACKET_TYPE.toUs;
      const head =
        linkType === LINK_TYPE.linuxSll
          ? [0, type, 0, 1, 0, 6, ...source, 0, 0, ...protocol]
          : [...protocol, 0, 0, 0, 0, 0, iface, 0, 1, type, 6, ...source, 0, 0];
      const seconds = Math.floor(ns / SECOND);
      return pcapRecord({
        seconds: START_SECONDS + seconds,
        nanos: ns - seconds * SECOND,
        frame: Uint8Array.from([...head, ...frame.subarray(14)]),
      });
    });
  return Buffer.concat([pcapHeader(linkType), ...records]);
}

interface World {
  readonly kind?: KindId;
  /** Copies of each on the leaf that is captured on its port. */
  readonly portCopies?: number;
  readonly tags?: readonly VlanTag[];
  /** Copies of each ARP request on the leaf whose every interface is captured. */
  readonly copies?: (round: number) => number;
  readonly linkType?: number;
  /** Whether frames go on to the leaf's gateway port. */
  readonly goesUp?: boolean;
}

/** leaf-a captured on its port, leaf-b on every interface. */
function judgeWorld(
  {
    kind = 'arp-request-broadcast',
    portCopies = 1,
    tags = [],
    copies = () => 1,
    linkType = LINK_TYPE.linuxSll2,
    goesUp = true,
  }: World,
  isTagless: boolean,
) {
  const made = makeCaptures(1);
  made.alive(0, 31 * SECOND);
  const lldp = plainFrame('lldp', { host: 99 });
  const sightings: Sighting[] = [0, 31 * SECOND].map((ns) => ({ ns, frame: lldp, iface: 3 }));
  for (let round = 0; round < 30; round++) {
    const ns = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
    for (let copy = 0; copy < portCopies; copy++)
      made.see(0, ns + copy * 40 * US, plainFrame(kind, { variation: round + 1, tags }));
    for (let copy = 0; copy < copies(round); copy++) {
      const bare = plainFrame(kind, { variation: round + 1 });
      sightings.push({ ns: ns + 20 * US + copy * 100 * US, frame: bare, iface: 3 });
      if (goesUp) sightings.push({ ns: ns + 50 * US + copy * 100 * US, frame: bare, iface: 7 });
    }
  }
  return judgeFiles([...made.files(), cooked(sightings, linkType)], { isTagless, isAuto: true, hosts: [] }).judgement;
}

test('a frame that goes from the port up to the gateway was received once', () => {
  const judgement = judgeWorld({}, true);
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals).toMatchObject({ probes: 30, delivered: 30, duplicate: 0 });
});

test('two copies on the port are a duplicate, one that never came is missing', () => {
  const judgement = judgeWorld({ copies: (round) => (round === 4 ? 2 : round === 9 ? 0 : 1) }, true);
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf['leaf-b']).toMatchObject({ duplicate: 1, missing: 1 });
  expect(judgement.totals.delivered).toBe(28);
});

test('where tags are lost on one leaf, frames are matched without them, and nothing is claimed of them', () => {
  const judgement = judgeWorld({ tags: [TAG] }, true);
  expect(judgement.totals).toMatchObject({ probes: 30, delivered: 30, missing: 0, altered: 0 });
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons).toEqual([
    expect.stringContaining(
      'Nothing can be said of VLAN tags: captures of every interface (-i any), as that of leaf-b, hold none.',
    ),
  ]);
  const missing = judgeWorld({ tags: [TAG], copies: (round) => (round === 9 ? 0 : 1) }, true);
  expect(missing.verdict).toBe('fail');
  expect(missing.byLeaf['leaf-b']).toMatchObject({ missing: 1 });
});

test('where nobody knew beforehand that tags are lost, nothing is claimed of that leaf', () => {
  const judgement = judgeWorld({ tags: [TAG] }, false);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['leaf-b']?.problems).toEqual([
    'B.pcap was captured on every interface (-i any), which loses VLAN tags: capture on the port, or give it as a file, plain or gzip',
  ]);
});

test('a format that does not name interfaces tells nothing where a frame is there twice', () => {
  const once = judgeWorld({ linkType: LINK_TYPE.linuxSll, goesUp: false }, false);
  expect(once.verdict).toBe('pass');
  const twice = judgeWorld({ linkType: LINK_TYPE.linuxSll }, false);
  expect(twice.verdict).toBe('inconclusive');
  expect(twice.certificates['leaf-b']?.problems).toEqual([
    '30 frames of B.pcap may have been seen on several interfaces (-i any), which it does not tell apart: capture on the port',
  ]);
});

test('there a frame may be on its way up for as long as copies may be apart, and is no frame of its own that others miss', () => {
  const made = makeCaptures(1);
  made.alive(0, 31 * SECOND);
  const lldp = plainFrame('lldp', { host: 99 });
  const sightings: Sighting[] = [0, 31 * SECOND].map((ns) => ({ ns, frame: lldp, iface: 3 }));
  for (let round = 0; round < 30; round++) {
    const ns = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
    const frame = plainFrame('arp-request-broadcast', { variation: round + 1 });
    made.see(0, ns, frame);
    for (const gap of round % 10 === 3 ? [0, 30 * MS, 70 * MS] : [0])
      sightings.push({ ns: ns + 20 * US + gap, frame, iface: 3 });
  }
  const { judgement } = judgeFiles([...made.files(), cooked(sightings, LINK_TYPE.linuxSll)]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['leaf-b']?.problems).toEqual([
    expect.stringContaining('6 frames of B.pcap may have been seen on several interfaces'),
  ]);
});

/** As `dumpcap -i swp1 -i br0` writes it: Ethernet, and each frame on both. */
function several(sightings: readonly Sighting[]): Uint8Array {
  return Buffer.concat([
    pcapngHeader(['swp1', 'br0'].map((name) => ({ name, linkType: LINK_TYPE.ethernet, snapLength: 256 }))),
    ...[...sightings]
      .sort((a, b) => a.ns - b.ns)
      .map(({ ns, frame, iface }) => {
        const seconds = Math.floor(ns / SECOND);
        return pcapngRecord({ seconds: START_SECONDS + seconds, nanos: ns - seconds * SECOND, frame, iface });
      }),
  ]);
}

test('a capture of a port and of the bridge behind it has everything twice, and proves nothing', () => {
  for (const isTagless of [false, true]) {
    const made = makeCaptures(1);
    made.alive(0, 31 * SECOND);
    const sightings: Sighting[] = [0, 31 * SECOND].map((ns) => ({
      ns,
      frame: plainFrame('lldp', { host: 99 }),
      iface: 0,
    }));
    for (let round = 0; round < 30; round++) {
      const ns = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
      const options = { variation: round + 1 };
      made.see(0, ns, plainFrame('arp-request-broadcast', { ...options, tags: [TAG] }));
      // The bridge takes the tag off.
      sightings.push(
        { ns: ns + 20 * US, frame: plainFrame('arp-request-broadcast', { ...options, tags: [TAG] }), iface: 0 },
        { ns: ns + 23 * US, frame: plainFrame('arp-request-broadcast', options), iface: 1 },
      );
    }
    const { judgement } = judgeFiles([...made.files(), several(sightings)], { isTagless });
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.certificates['leaf-b']?.problems).toEqual([
      '30 frames of B.pcap were seen on several of its interfaces: capture on the port alone',
    ]);
  }
});

test('two ports in one capture that each hear frames of their own are one leaf', () => {
  const made = makeCaptures(1);
  made.alive(0, 31 * SECOND);
  const sightings: Sighting[] = [0, 31 * SECOND].map((ns) => ({
    ns,
    frame: plainFrame('lldp', { host: 99 }),
    iface: 0,
  }));
  for (let round = 0; round < 30; round++) {
    const ns = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
    const frame = plainFrame('arp-request-broadcast', { variation: round + 1 });
    made.see(0, ns, frame);
    sightings.push({ ns: ns + 20 * US, frame, iface: round % 2 });
  }
  expect(judgeFiles([...made.files(), several(sightings)]).judgement.verdict).toBe('pass');
});

test('announcements that came several times to the port alone are no duplicates, for the other capture cannot tell', () => {
  const world = { portCopies: 2, linkType: LINK_TYPE.linuxSll } as const;
  const announced = judgeWorld({ ...world, kind: 'garp-request' }, true);
  expect(announced.findings.map(({ signature, verdict }) => `${signature} ${verdict}`)).toContain(
    'duplicate inconclusive',
  );
  expect(announced.verdict).toBe('inconclusive');
  expect(judgeWorld(world, true).verdict).toBe('fail');
});
