import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { buildFrame } from './build.js';
import { classify, newClassification } from './classify.js';
import { KINDS, type KindId } from './kinds.js';
import { anyBytes } from './testing/arbitrary.js';
import { catalogueFrames, SAMPLE } from './testing/catalogue.js';

const out = newClassification();

function kindOf(frame: Uint8Array): KindId | undefined {
  return KINDS[classify(frame, 0, frame.length, out)]?.id;
}

/** A frame of the catalogue with bytes overwritten at given places. */
function edited(kind: KindId, edits: Readonly<Record<number, number>>, variation = 0): Uint8Array {
  const frame = buildFrame(kind, { ...SAMPLE, variation });
  for (const [at, value] of Object.entries(edits)) frame[Number(at)] = value;
  return frame;
}

test('every kind is recognised in every tag form, at any place in a buffer', () => {
  const [found, wanted]: [unknown[], unknown[]] = [[], []];
  for (const { kind, tags, frame } of catalogueFrames()) {
    const buffer = new Uint8Array(frame.length + 64).fill(0xff);
    buffer.set(frame, 33);
    const index = classify(buffer, 33, frame.length, out);
    const word = (index: number) =>
      tags[index] === undefined
        ? 0
        : tags[index].tpid * 0x10000 + (tags[index].pcp << 13) + (tags[index].dei ? 0x1000 : 0) + tags[index].vid;
    found.push([
      KINDS[index]?.id,
      out.kind,
      out.tagCount,
      out.tag0,
      out.tag1,
      out.bodyStart,
      out.sourceHigh,
      out.sourceLow,
    ]);
    wanted.push([
      kind,
      KINDS.findIndex((entry) => entry.id === kind),
      tags.length,
      word(0),
      word(1),
      33 + 14 + 4 * tags.length,
      0x0200,
      0x0000010a,
    ]);
  }
  expect(found.length).toBeGreaterThan(0);
  // Once: to expect takes longer than to classify.
  expect(found).toEqual(wanted);
});

test('neighbor frames are ARP, NS and NA, and nothing else', () => {
  const neighbors = new Set(
    catalogueFrames()
      .filter(({ frame }) => (classify(frame, 0, frame.length, out), out.isNeighbor))
      .map(({ kind }) => kind),
  );
  expect([...neighbors].sort()).toEqual(
    [
      'arp-request-broadcast',
      'arp-request-unicast',
      'arp-reply-unicast',
      'garp-request',
      'garp-reply',
      'arp-probe',
      'arp-announcement',
      'arp-other',
      'ns-multicast',
      'ns-dad',
      'ns-dad-nonce',
      'ns-unicast',
      'na-solicited',
      'na-unsolicited',
      'ns-ext-header',
    ].sort(),
  );
});

test('the body excludes the trailer', () => {
  const lengths: readonly (readonly [KindId, number])[] = [
    ['arp-probe', 28],
    ['ns-multicast', 72],
    ['ns-dad', 64],
    ['data-udp', 54],
    ['data-echo6', 74],
    ['rarp', 28],
  ];
  for (const [kind, length] of lengths) {
    kindOf(buildFrame(kind, SAMPLE));
    expect(out.bodyLength, kind).toBe(length);
  }
  // An IPv4 packet that was padded to the shortest frame.
  kindOf(edited('data-udp', { 17: 30 }));
  expect(out.bodyLength).toBe(30);
  kindOf(edited('data-udp', { 16: 0xff }));
  expect(out.bodyLength).toBe(54);
});

test('unsigned halves of the MACs', () => {
  const frame = buildFrame('arp-reply-unicast', {
    ...SAMPLE,
    sourceMac: 'fe:dc:ba:98:76:54',
    gatewayMac: '02:00:ff:ee:dd:cc',
  });
  kindOf(frame);
  expect([out.sourceHigh, out.sourceLow, out.destinationHigh, out.destinationLow]).toEqual([
    0xfedc, 0xba987654, 0x0200, 0xffeeddcc,
  ]);
});

const ND = 14 + 40;
const CASES: readonly (readonly [what: string, frame: Uint8Array, kind: KindId])[] = [
  ['ARP of another hardware type', edited('arp-probe', { 15: 6 }), 'arp-other'],
  ['ARP for another protocol', edited('arp-request-broadcast', { 16: 0x86 }), 'arp-other'],
  ['ARP with 8-byte hardware addresses', edited('arp-request-broadcast', { 18: 8 }), 'arp-other'],
  ['opcode 0x0101', edited('arp-request-broadcast', { 20: 1 }), 'arp-other'],
  ['broadcast reply about somebody else', edited('garp-reply', { 41: 99 }), 'arp-other'],
  [
    'gratuitous request with the own MAC as target',
    edited('garp-request', { 32: 2, 33: 0, 34: 0, 35: 0, 36: 1, 37: 10 }),
    'garp-request',
  ],
  ['ARP cut at 27 bytes', buildFrame('arp-probe', SAMPLE).subarray(0, 41), 'arp-other'],
  ['NS with code 1', edited('ns-multicast', { [ND + 1]: 1 }), 'nd-malformed'],
  ['NA with hop limit 254', edited('na-solicited', { 21: 254 }), 'nd-malformed'],
  ['RA with hop limit 64', edited('ra', { 21: 64 }), 'nd-malformed'],
  ['NS for a multicast target', edited('ns-unicast', { [ND + 8]: 0xff }), 'nd-malformed'],
  ['NS with an option of length 0', edited('ns-multicast', { [ND + 25]: 0 }), 'nd-malformed'],
  ['NS with an option that runs over', edited('ns-multicast', { [ND + 25]: 2 }), 'nd-malformed'],
  ['solicited NA to all nodes', edited('na-unsolicited', { [ND + 4]: 0x60 }), 'nd-malformed'],
  ['DAD with a source link-layer address', edited('ns-dad-nonce', { [ND + 24]: 1 }), 'nd-malformed'],
  ['DAD to a unicast address', edited('ns-dad', { 38: 0x20 }), 'nd-malformed'],
  ['DAD with a strange option', edited('ns-dad-nonce', { [ND + 24]: 99 }), 'ns-dad'],
  ['unsolicited NA to one neighbor', edited('na-solicited', { [ND + 4]: 0x20 }), 'na-unsolicited'],
  ['a later fragment of an NS', edited('ns-fragment', { 57: 8 }), 'data-other'],
  ['a first fragment of an NS', edited('ns-fragment', { 57: 1 }), 'ns-fragment'],
  ['a broadcast reply that is not gratuitous', buildFrame('arp-other', { ...SAMPLE, variation: 1 }), 'arp-other'],
  ['an InARP reply', buildFrame('arp-other', { ...SAMPLE, variation: 2 }), 'arp-other'],
  [
    'NA behind hop-by-hop options',
    buildFrame('ns-ext-header', { ...SAMPLE, extendsAdvertisement: true }),
    'ns-ext-header',
  ],
  [
    'NA behind destination options',
    buildFrame('ns-ext-header', { ...SAMPLE, extendsAdvertisement: true, variation: 1 }),
    'ns-ext-header',
  ],
  ['solicited NA of a router', buildFrame('na-solicited', { ...SAMPLE, isRouter: true }), 'na-solicited'],
  ['unsolicited NA without override', buildFrame('na-unsolicited', { ...SAMPLE, overrides: false }), 'na-unsolicited'],
  [
    'an announcement of a MAC unlike the source',
    buildFrame('arp-announcement', { ...SAMPLE, claimedMac: '02:00:5e:00:01:0a' }),
    'arp-announcement',
  ],
  ['NS behind destination options', buildFrame('ns-ext-header', { ...SAMPLE, variation: 1 }), 'ns-ext-header'],
  ['extension header that runs over', edited('ns-ext-header', { 55: 200 }), 'data-other'],
  ['MLDv1 report', edited('mld-report', { [ND + 8]: 131 }), 'mld-report'],
  ['MLD query', edited('mld-report', { [ND + 8]: 130 }), 'data-other'],
  ['IPv6 TCP from port 0x88xx', edited('near-miss-tcp6-135', { [ND]: 136 }), 'near-miss-tcp6-135'],
  ['IPv6 TCP from port 0x89xx', edited('near-miss-tcp6-135', { [ND]: 137 }), 'data-tcp'],
  ['ICMP type 136', edited('near-miss-icmp4-135', { 34: 136 }), 'near-miss-icmp4-135'],
  ['ICMP echo reply', edited('data-echo', { 34: 0 }), 'data-echo'],
  ['a later fragment of ICMP', edited('data-echo', { 21: 1 }), 'data-other'],
  ['UDP from port 67 to elsewhere', edited('data-dhcp', { 37: 9 }), 'data-udp'],
  ['slow protocol of subtype 2', edited('lacpdu', { 14: 2 }), 'data-other'],
  ['IPv6 EtherType, version 4', edited('ns-multicast', { 14: 0x40 }), 'data-other'],
  ['IPv4 with a header of 16 bytes', edited('data-udp', { 14: 0x44 }), 'data-other'],
  ['nothing', new Uint8Array(0), 'data-other'],
];
for (const [what, frame, kind] of CASES) {
  test(`${what} is ${kind}`, () => {
    expect(kindOf(frame)).toBe(kind);
  });
}

test('any number of tags of any TPID is looked through; more than two count as two', () => {
  const tpids = [0x9100, 0x9200, 0x9300, 0x88a8, 0x8100] as const;
  const tags = tpids.map((tpid, vid) => ({ tpid, vid, pcp: 0, dei: false }));
  for (let count = 1; count <= tags.length; count++) {
    const frame = buildFrame('arp-probe', { ...SAMPLE, tags: tags.slice(0, count) });
    expect(kindOf(frame)).toBe('arp-probe');
    expect([out.tagCount, out.bodyStart, out.tag0]).toEqual([Math.min(2, count), 14 + 4 * count, 0x91000000]);
  }
  const nine = Array.from({ length: 9 }, () => ({ tpid: 0x8100, vid: 1, pcp: 0, dei: false }) as const);
  expect(kindOf(buildFrame('arp-probe', { ...SAMPLE, tags: nine }))).toBe('data-other');
});

test('a SNAP header is looked through; other 802.3 frames are data', () => {
  for (const kind of ['arp-reply-unicast', 'ns-multicast', 'data-tcp'] as const) {
    const plain = buildFrame(kind, SAMPLE);
    kindOf(plain);
    const packet = plain.subarray(12, out.bodyStart + out.bodyLength);
    const snapped = (oui: number, control = 3): Uint8Array =>
      Uint8Array.of(
        ...plain.subarray(0, 12),
        (packet.length + 6) >> 8,
        (packet.length + 6) & 0xff,
        0xaa,
        0xaa,
        control,
        0,
        0,
        oui,
        ...packet,
        ...new Uint8Array(8),
      );
    for (const oui of [0, 0xf8]) {
      expect(kindOf(snapped(oui))).toBe(kind);
      expect(out.bodyStart).toBe(22);
      expect(out.bodyLength).toBe(packet.length - 2);
    }
    expect(kindOf(snapped(0x0c))).toBe('data-other');
    expect(kindOf(snapped(0, 0))).toBe('data-other');
  }
});

test('any bytes have a kind, and nothing outside of the frame is looked at', () => {
  const other = newClassification();
  fc.assert(
    fc.property(anyBytes, fc.integer({ min: 0, max: 255 }), (frame, surroundings) => {
      const code = classify(frame, 0, frame.length, out);
      const buffer = new Uint8Array(frame.length + 200).fill(surroundings);
      buffer.set(frame, 100);
      classify(buffer, 100, frame.length, other);
      other.bodyStart -= 100;
      // One matcher per frame would take longer than all the frames together.
      return (
        KINDS[code] !== undefined &&
        isDeepStrictEqual(other, out) &&
        out.bodyLength >= 0 &&
        out.bodyStart + out.bodyLength <= frame.length
      );
    }),
    { numRuns: 2000 },
  );
});
