import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import type { Judgement } from '../types.js';

/** A host that says the same `count` times at once, `times` times, and asks the rest of the time. */
interface Takeover {
  readonly kind: KindId;
  readonly count: number;
  readonly gapUs: number;
  readonly times: number;
}

const TAKEOVERS: readonly Takeover[] = [
  { kind: 'garp-request', count: 5, gapUs: 40, times: 2 },
  { kind: 'garp-request', count: 5, gapUs: 40, times: 1 },
  { kind: 'garp-request', count: 3, gapUs: 200, times: 2 },
  { kind: 'garp-request', count: 8, gapUs: 25, times: 2 },
  { kind: 'garp-request', count: 5, gapUs: 1_500, times: 2 },
  { kind: 'garp-reply', count: 5, gapUs: 120, times: 2 },
  { kind: 'garp-reply', count: 4, gapUs: 60, times: 3 },
  { kind: 'arp-announcement', count: 5, gapUs: 300, times: 2 },
  { kind: 'na-unsolicited', count: 5, gapUs: 45, times: 2 },
  { kind: 'na-unsolicited', count: 10, gapUs: 800, times: 1 },
  { kind: 'garp-request', count: 20, gapUs: 50, times: 2 },
  { kind: 'garp-request', count: 2, gapUs: 70, times: 4 },
];

/** `copies` says how often leaf-b sees a frame of a burst; leaf-a sees each once. */
function takeover(
  { kind, count, gapUs, times }: Takeover,
  copies: (burst: number, i: number) => number,
  alter: (frame: Uint8Array, burst: number) => Uint8Array = (frame) => frame,
): Judgement {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    for (const leaf of [0, 1])
      captures.see(
        leaf,
        500 * MS + round * SECOND + (round % 7) * 11 * MS + leaf * (20 + (round % 5) * 9) * US,
        plainFrame('arp-request-broadcast', { variation: round + 1 }),
      );
  for (let burst = 0; burst < times; burst++)
    for (let i = 0; i < count; i++) {
      const at = (6 + 5 * burst) * SECOND + 250 * MS + i * gapUs * US;
      captures.see(0, at, plainFrame(kind));
      for (let copy = 0; copy < copies(burst, i); copy++)
        captures.see(1, at + (12 + ((i * 5) % 9)) * US + copy * 6 * US, alter(plainFrame(kind), burst));
    }
  return judgeFiles(captures.files()).judgement;
}

for (const shape of TAKEOVERS) {
  const { kind, count, gapUs, times } = shape;
  const name = `${times} x ${count} equal ${kind} ${gapUs} us apart`;

  test(`${name}, as many on each leaf, are no duplicates and no proof`, () => {
    const { verdict, totals, reasons } = takeover(shape, () => 1);
    expect(totals).toMatchObject({ missing: 0, duplicate: 0, probes: 30 + count * times });
    expect({ verdict, reasons }).toEqual({
      verdict: 'inconclusive',
      reasons: [expect.stringContaining('something multiplies what it says, is not known')],
    });
  });

  test(`${name}: one more on leaf-b is a duplicate there`, () => {
    const { verdict, byLeaf, findings } = takeover(shape, (burst, i) => (burst === 0 && i === count - 1 ? 2 : 1));
    expect(verdict).toBe('fail');
    expect(byLeaf).toMatchObject({
      'leaf-a': { missing: 0, duplicate: 0 },
      'leaf-b': { missing: 0, duplicate: 1 },
    });
    expect(findings.find((finding) => finding.verdict === 'fail')).toMatchObject({ leaf: 'leaf-b', kind });
  });

  if (times > 1 || count > 4)
    test(`${name}: one that is missing on leaf-b, amid others, is missing there`, () => {
      const { verdict, byLeaf } = takeover(shape, (burst, i) => (burst === 0 && i === Math.floor(count / 2) ? 0 : 1));
      expect(verdict).toBe('fail');
      expect(byLeaf).toMatchObject({ 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 1, duplicate: 0 } });
    });

  test(`${name}: a burst that leaf-b saw altered is altered there`, () => {
    const { verdict, byLeaf } = takeover(
      shape,
      () => 1,
      (frame, burst) => {
        if (burst === 0) frame[11] = 0x77;
        return frame;
      },
    );
    expect(verdict).toBe('fail');
    expect(byLeaf['leaf-b']?.altered).toBeGreaterThan(0);
  });
}

test('twice as many on both leaves is not known either', () => {
  expect(takeover({ kind: 'garp-request', count: 10, gapUs: 20, times: 2 }, () => 1).verdict).toBe('inconclusive');
});

test('twice as many on one leaf is doubled there', () => {
  const { verdict, byLeaf } = takeover({ kind: 'garp-request', count: 5, gapUs: 40, times: 2 }, () => 2);
  expect(verdict).toBe('fail');
  expect(byLeaf).toMatchObject({ 'leaf-a': { duplicate: 0 }, 'leaf-b': { duplicate: 10 } });
});

/** A host whose frames of one kind say the same each time, `at` so many ms after the start; `onB` says how often leaf-b sees each. */
function repeated(
  kind: KindId,
  times: readonly number[],
  onB: (i: number) => number,
  questions: (round: number) => number,
): Judgement {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    for (let leaf = 0; leaf < 2; leaf++)
      for (let copy = 0; copy < (leaf === 0 ? 1 : questions(round)); copy++)
        captures.see(
          leaf,
          500 * MS + round * SECOND + (round % 7) * 11 * MS + leaf * (20 + (round % 5) * 9) * US + copy * 90 * US,
          plainFrame('ns-multicast', { variation: round + 1 }),
        );
  times.forEach((at, i) => {
    captures.see(0, at * MS, plainFrame(kind));
    for (let copy = 0; copy < onB(i); copy++)
      captures.see(1, at * MS + (15 + (i % 4) * 7) * US + copy * 200 * US, plainFrame(kind));
  });
  return judgeFiles(captures.files()).judgement;
}

/** Twenty apart, and two that come 1.5 ms after another one. */
const MOSTLY_ALONE = [...Array.from({ length: 20 }, (_, i) => 1_200 + i * 1_270), 6_281.5, 11_361.5];

for (const kind of ['garp-request', 'na-unsolicited', 'garp-reply'] as const)
  test(`${kind} that a host says once but for chance: one that comes twice to leaf-b is doubled there, not missing elsewhere`, () => {
    const { verdict, byLeaf } = repeated(
      kind,
      MOSTLY_ALONE,
      (i) => (i === 9 ? 2 : 1),
      () => 1,
    );
    expect(verdict).toBe('fail');
    expect(byLeaf).toMatchObject({
      'leaf-a': { missing: 0, duplicate: 0 },
      'leaf-b': { missing: 0, duplicate: 1 },
    });
  });

for (const kind of ['garp-request', 'arp-reply-unicast', 'na-solicited'] as const) {
  test(`of two equal ${kind} one is missing on a leaf that misses others, and no leaf saw any twice`, () => {
    const { verdict, byLeaf } = repeated(
      kind,
      MOSTLY_ALONE,
      (i) => (i === 20 ? 0 : 1),
      (round) => (round % 7 === 3 ? 0 : 1),
    );
    expect(verdict).toBe('fail');
    expect(byLeaf).toMatchObject({
      'leaf-a': { missing: 0, duplicate: 0 },
      'leaf-b': { missing: 5, duplicate: 0 },
    });
  });

  test(`two equal ${kind}, of which one came twice to leaf-b, are doubled there alone`, () => {
    const { verdict, byLeaf } = repeated(
      kind,
      MOSTLY_ALONE,
      (i) => (i === 20 ? 2 : 1),
      () => 1,
    );
    expect(verdict).toBe('fail');
    expect(byLeaf).toMatchObject({
      'leaf-a': { missing: 0, duplicate: 0 },
      'leaf-b': { missing: 0, duplicate: 1 },
    });
  });
}

/** A host that asks for 30 next hops, for each of them twice: what Open vSwitch does that is a tunnel's end itself. */
function asksTwice(gapUs: (round: number) => number): Judgement {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    for (const leaf of [0, 1])
      for (const again of [0, gapUs(round) * US])
        captures.see(
          leaf,
          500 * MS + round * SECOND + (round % 7) * 11 * MS + again + leaf * (20 + (round % 5) * 9) * US,
          plainFrame('arp-request-broadcast', { variation: round + 1 }),
        );
  return judgeFiles(captures.files()).judgement;
}

test('a question that every leaf hears again 170 to 290 us later is no duplicate and no proof; 60 us later it is one', () => {
  const own = asksTwice((round) => 170 + (round % 5) * 30);
  expect(own.verdict, own.reasons.join('\n')).toBe('inconclusive');
  expect(own.totals).toMatchObject({ missing: 0, duplicate: 0 });
  const doubled = asksTwice(() => 60);
  expect(doubled.verdict).toBe('fail');
  expect(doubled.totals.duplicate).toBe(60);
});
