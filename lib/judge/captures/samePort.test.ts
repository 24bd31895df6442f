import { expect, test } from '@playwright/test';
import { HOST, judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

/** Half a minute of a host that asks; `leaves` says who hears a round. */
function asks(leaves: (round: number) => readonly number[], of = 2): MadeCaptures {
  const captures = makeCaptures(of);
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++) {
    const at = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
    for (const leaf of leaves(round))
      captures.see(leaf, at + leaf * 20 * US, plainFrame('arp-request-broadcast', { variation: round + 1 }));
  }
  return captures;
}

/** LACPDUs of the host's ports, one a second. */
function lacp(captures: MadeCaptures, portOf: (leaf: number) => number, leaves: number): void {
  for (let i = 1; i < 30; i++)
    for (let leaf = 0; leaf < leaves; leaf++)
      captures.see(leaf, i * SECOND + leaf * 300 * US, plainFrame('lacpdu', { host: 1, variation: portOf(leaf) }));
}

test('one capture for two leaves proves nothing, whatever it is called', () => {
  const [a = new Uint8Array(0)] = asks(() => [0]).files();
  const { judgement } = judgeFiles([a, Uint8Array.from(a)]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons).toEqual([
    'Every copy has the very same time stamp on leaf-a and leaf-b: they were taken on one port, or one is a copy of the other.',
  ]);
});

test('two of three captures of one port are told, also where they began apart', () => {
  const captures = asks(() => [0, 2], 3);
  const [a = new Uint8Array(0), , c = new Uint8Array(0)] = captures.files();
  const second = 24 + 16 + new DataView(a.buffer, a.byteOffset).getUint32(24 + 8, true);
  const { judgement } = judgeFiles([a, c, Buffer.concat([a.subarray(0, 24), a.subarray(second)])]);
  expect(judgement.reasons).toEqual([expect.stringContaining('the very same time stamp on leaf-a and leaf-c')]);
});

/**
 * What a port hears: a host that asks now and then, and data. `ears` says which leaves hear a frame, `late` how much
 * later than at the port.
 */
function port(
  ears: (isData: boolean, i: number) => readonly number[],
  late: (leaf: number, i: number) => number,
  { asks, data }: { readonly asks: number; readonly data: number },
): MadeCaptures {
  const captures = makeCaptures();
  captures.alive(0, 60 * SECOND);
  for (let i = 0; i < asks + data; i++) {
    const isData = i % Math.ceil((asks + data) / asks) !== 0;
    const at = SECOND + i * 170 * MS + ((i * i * 271) % 911) * US;
    const frame = plainFrame(isData ? 'data-udp' : 'arp-request-broadcast', { variation: i + 1 });
    for (const leaf of ears(isData, i)) captures.see(leaf, at + late(leaf, i), frame);
  }
  return captures;
}

const BOTH = (): readonly number[] => [0, 1];
const SHAPES = [
  { asks: 2, data: 0 },
  { asks: 3, data: 1 },
  { asks: 5, data: 30 },
  { asks: 20, data: 12 },
  { asks: 40, data: 200 },
  { asks: 200, data: 0 },
] as const;
const SAME = 'Every copy has the very same time stamp on leaf-a and leaf-b';

for (const shape of SHAPES) {
  test(`one port captured twice, ${shape.asks} neighbor frames and ${shape.data} of data: one reason, no claim`, () => {
    const { judgement } = judgeFiles(port(BOTH, () => 0, shape).files());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons).toEqual([expect.stringContaining(SAME)]);
    expect(judgement.findings).toHaveLength(1);
    expect(judgement.totals).toMatchObject({ missing: 0, duplicate: 0, altered: 0, dataDuplicated: 0 });
  });

  if (shape.data > 0)
    test(`the like of two ports that data tells apart, ${shape.asks} neighbor frames and ${shape.data} of data`, () => {
      const once = (isData: boolean, i: number): readonly number[] => (isData ? [i % 2] : [0, 1]);
      // A replicator in hardware, whose copies are always as far apart; here by nothing, there by less than a
      // microsecond.
      for (const late of [0, 340]) {
        const good = judgeFiles(port(once, (leaf) => leaf * late, shape).files()).judgement;
        expect(good.verdict, JSON.stringify(good.reasons)).toBe('pass');
        const lost = port(
          (isData, i) => (i === 0 ? [0] : once(isData, i)),
          (leaf) => leaf * late,
          shape,
        );
        const { judgement } = judgeFiles(lost.files());
        expect(judgement.verdict).toBe('fail');
        expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 1 } });
      }
    });
}

for (const [what, isKept] of [
  ['every third frame', (i: number) => i % 3 !== 1],
  ['one frame', (i: number) => i !== 11],
  ['one neighbor frame', (i: number) => i !== 0],
  ['most', (i: number) => i % 5 === 0],
] as const)
  test(`one port captured twice, of which one capture lacks ${what}: one reason, no claim`, () => {
    const captures = port(
      (_, i) => (isKept(i) ? [0, 1] : [0]),
      () => 0,
      { asks: 20, data: 60 },
    );
    const { verdict, reasons, totals } = judgeFiles(captures.files()).judgement;
    expect({ verdict, reasons }).toEqual({ verdict: 'inconclusive', reasons: [expect.stringContaining(SAME)] });
    expect(totals).toMatchObject({ missing: 0, dataDuplicated: 0 });
  });

test('one port stamped by two clocks, of which one capture lacks frames, is told by the data that is on both', () => {
  for (const isKept of [(i: number) => i % 3 !== 1, (i: number) => i !== 11, (i: number) => i % 5 === 0]) {
    const captures = port(
      (_, i) => (isKept(i) ? [0, 1] : [0]),
      (leaf, i) => leaf * ((i * 7_919) % 900),
      { asks: 20, data: 60 },
    );
    const files = captures.files([(at) => at, (at) => at * (1 + 30e-6) + 2.3 * SECOND]);
    const { verdict, reasons, totals } = judgeFiles(files).judgement;
    expect({ verdict, reasons }).toEqual({
      verdict: 'inconclusive',
      reasons: [expect.stringContaining('taken on one port, and one capture lacks frames')],
    });
    expect(totals).toMatchObject({ missing: 0, dataDuplicated: 0 });
  }
});

test('a replicator in hardware that copies some data is told by data that each leaf has alone', () => {
  const captures = port(
    (isData, i) => (isData && i % 3 !== 0 ? [i % 2] : [0, 1]),
    (leaf) => leaf * 340,
    { asks: 20, data: 60 },
  );
  const { verdict, totals } = judgeFiles(captures.files()).judgement;
  expect(verdict).toBe('fail');
  expect(totals).toMatchObject({ missing: 0 });
  expect(totals.dataDuplicated).toBeGreaterThan(10);
});

test('two interfaces that stamp one port, each by a clock of its own, are told by data that is on both without jitter', () => {
  for (const [offset, ppm, jitter] of [
    [0, 0, 800],
    [12.3 * SECOND, 0, 0],
    [-700 * MS, 30, 300],
    [1_900 * SECOND, 80, 1_500],
  ] as const) {
    const captures = port(BOTH, (leaf, i) => leaf * ((i * 7_919) % (jitter + 1)), { asks: 12, data: 40 });
    const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at * (1 + ppm * 1e-6) + offset]));
    expect(judgement.reasons).toEqual([expect.stringContaining('always equally far apart')]);
    expect(judgement.verdict).toBe('inconclusive');
  }
});

test('what copies data as software does is told as what it is', () => {
  const jittery = (leaf: number, i: number): number => leaf * (8 * US + ((i * 7_919) % 40) * US);
  const { judgement } = judgeFiles(port(BOTH, jittery, { asks: 12, data: 40 }).files());
  expect(judgement.verdict).toBe('fail');
  expect(judgement.totals.dataDuplicated).toBeGreaterThan(35);
});

test('one clock stamps one port alike: a constant difference is two ports', () => {
  const { judgement } = judgeFiles(port(BOTH, (leaf) => leaf * 17 * US, { asks: 12, data: 40 }).files(), {
    isSharedClock: true,
  });
  expect(judgement.verdict).toBe('fail');
});

test('of three captures, two of one port take nothing from the third', () => {
  const captures = asks((round) => (round === 9 ? [0] : [0, 1]));
  const [a = new Uint8Array(0), b = new Uint8Array(0)] = captures.files();
  const { judgement } = judgeFiles([a, Uint8Array.from(a), b]);
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: 0 },
    'leaf-b': { missing: 0 },
    'leaf-c': { missing: 1 },
  });
});

test('a LACPDU is of one port: captures that share one are of one port', () => {
  for (const hosts of [[HOST], ['02:00:00:00:01:01', HOST]]) {
    const two = asks(() => [0, 1]);
    lacp(two, (leaf) => leaf, 2);
    expect(judgeFiles(two.files(), { hosts }).judgement.verdict).toBe('pass');
    const one = asks(() => [0, 1]);
    lacp(one, () => 7, 2);
    const { judgement } = judgeFiles(one.files(), { hosts });
    expect(judgement.verdict).toBe('inconclusive');
    const text =
      "A.pcap and B.pcap hold the same LACPDU, which is a port's own: either both were taken on one port, or the host copies its LACPDUs";
    expect(judgement.certificates).toMatchObject({
      'leaf-a': { valid: false, problems: [text] },
      'leaf-b': { valid: false, problems: [text] },
    });
  }
});

test('of three captures only those that share a LACPDU prove nothing', () => {
  const captures = asks((round) => (round % 2 === 0 ? [0, 1, 2] : [0, 1]), 3);
  lacp(captures, (leaf) => (leaf === 2 ? 0 : leaf), 3);
  const { judgement } = judgeFiles(captures.files());
  expect(Object.values(judgement.certificates).map(({ valid }) => valid)).toEqual([false, true, false]);
});
