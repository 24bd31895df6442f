import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { createCaptureParser } from './parser.js';
import { anyDamagedCapture } from './testing/arbitrary.js';
import { classicCapture, FLAVOURS, ngBlocks, richNgCapture, type TestFrame } from './testing/captures.js';
import { collect } from './testing/collect.js';

const FRAMES: readonly TestFrame[] = Array.from({ length: 5 }, (_, i) => ({
  seconds: 1_700_000_000 + i,
  nanos: 123_456_000 + i * 1000,
  frame: Uint8Array.from({ length: 13 + 3 * i }, (_, j) => i * 16 + j),
  original: 13 + 3 * i,
}));
const EXPECTED = FRAMES.map(({ seconds, nanos, frame }) => ({
  seconds,
  nanos,
  hex: Buffer.from(frame).toString('hex'),
  original: frame.length,
  linkType: 1,
}));
const CAPTURES: readonly (readonly [string, Uint8Array])[] = [
  ...FLAVOURS.map((flavour) => [`pcap ${JSON.stringify(flavour)}`, classicCapture(FRAMES, flavour)] as const),
  ...[false, true].map(
    (bigEndian) =>
      [`pcapng, big endian ${String(bigEndian)}`, Uint8Array.from(richNgCapture(FRAMES, bigEndian))] as const,
  ),
];

for (const [name, bytes] of CAPTURES) {
  test(`${name}: every frame, whole`, () => {
    const { frames, summary } = collect(bytes);
    expect(
      frames.map(({ seconds, nanos, hex, original, linkType }) => ({ seconds, nanos, hex, original, linkType })),
    ).toEqual(EXPECTED);
    expect(summary).toMatchObject({ frames: 5, bytes: bytes.length, damage: null });
  });

  test(`${name}: cut into chunks at any one or two places, and into single bytes`, () => {
    const whole = collect(bytes);
    for (let i = 0; i <= bytes.length; i++) {
      if (!isDeepStrictEqual(collect(bytes, [i]), whole)) throw new Error(`cut at ${i}`);
      const second = Math.min(bytes.length, i + 1 + (i % 40));
      if (!isDeepStrictEqual(collect(bytes, [i, second]), whole)) throw new Error(`cut at ${i} and ${second}`);
    }
    expect(
      collect(
        bytes,
        Array.from({ length: bytes.length }, (_, i) => i),
      ),
    ).toEqual(whole);
  });

  test(`${name}: truncated at any byte, what was whole is delivered and the rest is damage`, () => {
    const whole = collect(bytes);
    // Ends where a file may end: behind a record or block.
    let clean = 0;
    for (let i = 0; i < bytes.length; i++) {
      const { frames, summary } = collect(bytes.subarray(0, i), [i >> 1]);
      const before = whole.frames.filter(
        (frame, index) => (whole.frames[index + 1]?.offset ?? bytes.length) <= i || endOf(bytes, frame.offset) <= i,
      );
      if (!isDeepStrictEqual(frames, before)) throw new Error(`truncated at ${i}: ${frames.length} frames`);
      if (summary.damage === null) clean++;
      else if (summary.damage.offset > i) throw new Error(`truncated at ${i}: damage at ${summary.damage.offset}`);
    }
    expect(clean).toBe(name.startsWith('pcapng') ? 12 : 5);
  });
}

/** First byte behind the record or block at `offset`. */
function endOf(bytes: Uint8Array, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const magic = view.getUint32(0);
  if (magic === 0x0a0d0d0a) return offset + view.getUint32(offset + 4, view.getUint32(8) !== 0x1a2b3c4d);
  return offset + 16 + view.getUint32(offset + 8, magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1);
}

test('pcapng: interfaces, drops and numbering over sections of either byte order', () => {
  const { frames, summary } = collect(
    Uint8Array.from([...richNgCapture(FRAMES.slice(0, 2), false), ...richNgCapture(FRAMES.slice(0, 2), true)]),
  );
  expect(frames.map(({ iface }) => iface)).toEqual([0, 1, 2, 3]);
  expect(summary.interfaces).toEqual([
    { linkType: 1, name: 'eth0', snapLength: 262144 },
    { linkType: 1, name: null, snapLength: 0 },
    { linkType: 1, name: 'eth0', snapLength: 262144 },
    { linkType: 1, name: null, snapLength: 0 },
  ]);
  expect(summary.drops).toBe(6);
});

test('pcapng: drop counts of packets, and none where the file says nothing', () => {
  const ng = ngBlocks(true);
  const frame = new Uint8Array(4);
  const head = [...ng.section(), ...ng.iface(1)];
  expect(collect(Uint8Array.from([...head, ...ng.enhanced(0, 0n, frame)])).summary.drops).toBeNull();
  expect(
    collect(
      Uint8Array.from([
        ...head,
        ...ng.enhanced(0, 0n, frame, ng.option(4, ng.u64(3n))),
        ...ng.obsolete(0, 4, 0n, frame),
      ]),
    ).summary.drops,
  ).toBe(7);
  expect(
    collect(Uint8Array.from([...head, ...ng.statistics(0, { 5: 2n }), ...ng.statistics(0, { 5: 9n })])).summary.drops,
  ).toBe(9);
  expect(
    collect(Uint8Array.from([...head, ...ng.statistics(0, { 5: 9n }), ...ng.statistics(0, { 5: 0n })])).summary.drops,
  ).toBe(9);
  expect(
    collect(Uint8Array.from([...head, ...ng.obsolete(0, 4, 0n, frame), ...ng.statistics(0, { 5: 5n })])).summary.drops,
  ).toBe(5);
  expect(collect(Uint8Array.from([...head, ...ng.statistics(0, { 5: 0xffffffffffffffffn })])).summary.drops).toBeNull();
});

test('pcapng: a simple packet has no time and is cut by the snap length', () => {
  const ng = ngBlocks(false);
  const { frames, summary } = collect(
    Uint8Array.from([...ng.section(), ...ng.iface(1, 3), ...ng.simple(10, Uint8Array.of(1, 2, 3))]),
  );
  expect(summary).toMatchObject({ damage: null, untimed: 1 });
  expect(frames).toEqual([{ seconds: 0, nanos: 0, hex: '010203', original: 10, linkType: 1, iface: 0, offset: 48 }]);
});

test('a declared frame check sequence is no part of the frame', () => {
  const bytes = classicCapture(
    [{ seconds: 1, nanos: 0, frame: Uint8Array.of(1, 2, 3, 4, 5, 6) }],
    { bigEndian: true, nanoseconds: true },
    0x24000001,
  );
  expect(collect(bytes).frames).toMatchObject([{ hex: '0102', original: 2, linkType: 1 }]);
  const ng = ngBlocks(false);
  const { frames } = collect(
    Uint8Array.from([
      ...ng.section(),
      ...ng.iface(1, 0, ng.option(13, [4])),
      ...ng.enhanced(0, 0n, Uint8Array.of(1, 2, 3, 4, 5, 6), [], 20),
    ]),
  );
  expect(frames).toMatchObject([{ hex: '010203040506', original: 16 }]);
});

const ng = ngBlocks(false);
const HEAD = [...ng.section(), ...ng.iface(1)];
const LITTLE = { bigEndian: false, nanoseconds: false };
function record(edit: (view: DataView) => void): Uint8Array {
  const bytes = classicCapture(
    [
      { seconds: 1, nanos: 0, frame: new Uint8Array(20) },
      { seconds: 2, nanos: 0, frame: new Uint8Array(20) },
    ],
    LITTLE,
  );
  edit(new DataView(bytes.buffer, 60));
  return bytes;
}
const enhanced = ng.enhanced(0, 1n, new Uint8Array(4));
function block(at: number, value: number): Uint8Array {
  const bytes = Uint8Array.from([...HEAD, ...enhanced, ...enhanced]);
  new DataView(bytes.buffer).setUint32(HEAD.length + enhanced.length + at, value, true);
  return bytes;
}
const SECOND = HEAD.length + enhanced.length;

const DAMAGED: readonly (readonly [
  what: string,
  bytes: Uint8Array,
  frames: number,
  offset: number,
  message: RegExp,
])[] = [
  ['empty', new Uint8Array(0), 0, 0, /file is empty/],
  ['two bytes', Uint8Array.of(0xd4, 0xc3), 0, 0, /too short/],
  [
    'text',
    new TextEncoder().encode('hello world, this is no capture'),
    0,
    0,
    /neither pcap nor pcapng: the file starts with 68656c6c/,
  ],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 0, 0, /gzip/],
  [
    'modified pcap',
    Uint8Array.of(0x34, 0xcd, 0xb2, 0xa1),
    0,
    0,
    /a modified pcap file .*; convert it: editcap -F pcapng IN OUT/,
  ],
  ['pcap version 3', classicCapture([], LITTLE).fill(3, 4, 5), 0, 4, /version 3\.4/],
  [
    'captured 2^32-1',
    record((view) => view.setUint32(8, 0xffffffff, true)),
    1,
    60,
    /claims 4294967295 captured bytes; 262144/,
  ],
  ['captured 2^31', record((view) => view.setUint32(8, 0x80000000, true)), 1, 60, /claims 2147483648/],
  [
    'captured more than original',
    record((view) => view.setUint32(12, 19, true)),
    1,
    60,
    /20 captured bytes of a frame of 19/,
  ],
  [
    'length that runs past the end',
    record((view) => [8, 12].forEach((at) => view.setUint32(at, 1000, true))),
    1,
    60,
    /cut short: 36 of 1016/,
  ],
  ['block length 0', block(4, 0), 1, SECOND + 4, /length of 0 bytes/],
  ['block length 13', block(4, 13), 1, SECOND + 4, /length of 13 bytes/],
  ['block length 2^31', block(4, 0x80000000), 1, SECOND + 4, /length of 2147483648 bytes; 524288/],
  ['block length 2^32-4', block(4, 0xfffffffc), 1, SECOND + 4, /length of 4294967292/],
  [
    'skipped block of 2^32-4',
    Uint8Array.from([...HEAD, ...enhanced, ...ng.u32(0x0bad), ...ng.u32(0xfffffffc), 1, 2, 3, 4]),
    1,
    SECOND + 12,
    /cut short/,
  ],
  ['trailing length differs', block(enhanced.length - 4, 40), 1, SECOND, /block of 36 bytes ends with the length 40/],
  ['unknown interface', block(8, 1), 1, SECOND, /interface 1, which its section does not describe/],
  ['captured more than the block', block(20, 5), 1, SECOND, /claims 5 captured bytes, its block has 4/],
  ['captured 2^32-1 in a block', block(20, 0xffffffff), 1, SECOND, /claims 4294967295 captured bytes/],
  ['time beyond 2262', block(12, 0xffffffff), 1, SECOND, /out of range/],
  ['no interface at all', Uint8Array.from([...ng.section(), ...enhanced]), 0, 28, /interface 0/],
  ['byte-order magic', Uint8Array.from(ng.section()).fill(0, 8, 12), 0, 8, /byte-order magic/],
  ['section version 2', Uint8Array.from(ng.section()).fill(2, 12, 13), 0, 12, /version 2/],
  [
    'if_tsresol 10^-20',
    Uint8Array.from([...ng.section(), ...ng.iface(1, 0, ng.option(9, [20]))]),
    0,
    28,
    /if_tsresol 0x14/,
  ],
  [
    'if_tsresol 2^-127',
    Uint8Array.from([...ng.section(), ...ng.iface(1, 0, ng.option(9, [255]))]),
    0,
    28,
    /if_tsresol 0xff/,
  ],
  ['option that runs over', Uint8Array.from([...ng.section(), ...ng.iface(1, 0, [9, 0, 200, 0])]), 0, 28, /runs over/],
];
for (const [what, bytes, frames, offset, message] of DAMAGED) {
  test(`damage: ${what}`, () => {
    for (const cuts of [[], Array.from({ length: bytes.length }, (_, i) => i)]) {
      const { summary } = collect(bytes, cuts);
      expect(summary.damage?.message).toMatch(message);
      expect({ frames: summary.frames, offset: summary.damage?.offset }).toEqual({ frames, offset });
    }
  });
}

test('10^5 interfaces are read, and no more than the stated number', () => {
  const one = ng.iface(1);
  const many = Uint8Array.from([...ng.section(), ...Array.from({ length: 1000 }, () => one).flat()]);
  const parser = createCaptureParser({ frame: () => undefined });
  parser.push(many);
  for (let i = 1; i < 100; i++) parser.push(many.subarray(28));
  const interfaces = parser.end();
  expect([interfaces.interfaces.length, interfaces.damage]).toEqual([100_000, null]);
  const endless = createCaptureParser({ frame: () => undefined });
  endless.push(many);
  for (let i = 1; i < 140; i++) endless.push(many.subarray(28));
  expect(endless.end().damage).toEqual({ offset: 28 + 131_072 * 20, message: 'more than 131072 interfaces' });
});

test('a skipped block of gigabytes takes no memory', () => {
  const parser = createCaptureParser({ frame: () => undefined });
  parser.push(Uint8Array.from([...HEAD, ...ng.u32(0x0bad), ...ng.u32(0x40000000)]));
  const chunk = new Uint8Array(1 << 20);
  // Warm-up, so that what the engine itself takes is not counted.
  for (let i = 0; i < 8; i++) parser.push(chunk);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 8; i < 1023; i++) parser.push(chunk);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  parser.push(chunk.subarray(0, (1 << 20) - 12));
  parser.push(Uint8Array.from([...ng.u32(0x40000000), ...enhanced]));
  expect(parser.end()).toMatchObject({ frames: 1, damage: null });
});

test('damaged captures read the same however they are cut, and never throw', () => {
  fc.assert(
    fc.property(anyDamagedCapture, fc.array(fc.nat(), { maxLength: 8 }), (bytes, places) => {
      const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
      const whole = collect(bytes);
      const parts = collect(bytes, cuts);
      return (
        isDeepStrictEqual(parts.frames, whole.frames) &&
        isDeepStrictEqual(parts.summary, whole.summary) &&
        whole.summary.frames === whole.frames.length
      );
    }),
    { numRuns: 1000 },
  );
});

test('sections are counted where they hold frames: captures that were joined', () => {
  const one = [...ng.section(), ...ng.iface(1), ...ng.enhanced(0, 0n, Uint8Array.of(1, 2, 3, 4))];
  const empty = [...ng.section(), ...ng.iface(1)];
  const sections = (...parts: readonly (readonly number[])[]): number =>
    collect(Uint8Array.from(parts.flat())).summary.sections;
  expect([
    sections(empty),
    sections(one),
    sections(one, empty),
    sections(empty, one),
    sections(one, one),
    sections(one, empty, one, one),
  ]).toEqual([0, 1, 1, 1, 2, 3]);
  expect(collect(classicCapture(FRAMES, { bigEndian: false, nanoseconds: true })).summary.sections).toBe(1);
});

for (const flavour of FLAVOURS) {
  const limit = flavour.nanoseconds ? 1_000_000_000 : 1_000_000;
  test(`${JSON.stringify(flavour)}: a fraction beyond a second is carried into the seconds`, () => {
    for (const fraction of [limit, limit + 1, 2 * limit - 1, 4 * limit + 7, limit - 1]) {
      const bytes = classicCapture(FRAMES, flavour);
      new DataView(bytes.buffer).setUint32(24 + 4, fraction, !flavour.bigEndian);
      const { frames, summary } = collect(bytes, [30, 41]);
      const first = FRAMES[0]?.seconds ?? 0;
      const [{ seconds, nanos } = { seconds: -1, nanos: -1 }] = frames;
      expect([frames.length, summary.damage, summary.carried]).toEqual([5, null, fraction < limit ? 0 : 1]);
      expect(seconds).toBe(first + Math.floor(fraction / limit));
      expect(nanos).toBe((fraction % limit) * (flavour.nanoseconds ? 1 : 1000));
    }
  });
}

const STARTS: readonly (readonly [string, Uint8Array])[] = CAPTURES;
for (const [first, one] of STARTS)
  for (const [second, other] of STARTS)
    test(`${second} that was joined to ${first} is told from a record`, () => {
      const joined = Uint8Array.from([...one, ...other]);
      const { frames, summary } = collect(joined, [one.length - 3, one.length + 2]);
      if (first.startsWith('pcapng') && second.startsWith('pcapng')) {
        expect(summary).toMatchObject({ sections: 2, damage: null, joined: { offset: one.length, frames: 5 } });
        return;
      }
      expect(frames).toHaveLength(5);
      expect(summary.damage?.offset).toBe(one.length);
      expect(summary.damage?.message).toContain('a second file begins there, in place of record 6');
    });

test('a record of no bytes is a record', () => {
  const bytes = classicCapture([{ seconds: 1, nanos: 2_000, frame: new Uint8Array(0), original: 60 }, ...FRAMES], {
    bigEndian: false,
    nanoseconds: false,
  });
  expect(collect(bytes).summary).toMatchObject({ frames: 6, damage: null, joined: null });
});
