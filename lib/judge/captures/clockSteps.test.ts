import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import type { Judgement } from '../types.js';

/** Every 100 ms or so a question, for 6 s; from 3 s on, `later` says when leaf-b has it; null = never. */
function fromThreeSecondsOn(
  later: (i: number) => number | null,
  isHeardByA: (i: number) => boolean = () => true,
  isSharedClock = false,
): Judgement {
  const captures = makeCaptures();
  captures.alive(0, 12 * SECOND);
  for (let i = 1; i < 60; i++) {
    const at = i * 100 * MS + ((i * 37) % 17) * MS;
    const frame = plainFrame('arp-request-broadcast', { variation: i });
    const then = at < 3 * SECOND ? 30 * US : later(i);
    if (at < 3 * SECOND || isHeardByA(i)) captures.see(0, at, frame);
    if (then !== null) captures.see(1, at + then + (i % 5) * 10 * US, frame);
  }
  return judgeFiles(captures.files(), { isSharedClock }).judgement;
}

test('a clock that is set is told, and nothing is missing or late', () => {
  for (const by of [80 * MS, 700 * MS, 1_500 * MS, 4 * SECOND]) {
    const { verdict, reasons, totals } = fromThreeSecondsOn(() => by);
    expect({ by, verdict, totals }).toMatchObject({ verdict: 'inconclusive', totals: { missing: 0, late: 0 } });
    expect(reasons.join()).toMatch(/copies of \d+ frames are .+ apart on A\.pcap and B\.pcap, and those of others/);
  }
});

test('a replicator that stops is no clock that is set', () => {
  expect(fromThreeSecondsOn(() => null).byLeaf).toMatchObject({ 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 30 } });
  // Each frame on one leaf, some in a row on the same one.
  const hashed = fromThreeSecondsOn(
    (i) => (i % 12 < 6 ? 30 * US : null),
    (i) => i % 12 >= 6,
  );
  expect(hashed.verdict).toBe('fail');
  expect((hashed.byLeaf['leaf-a']?.missing ?? 0) + (hashed.byLeaf['leaf-b']?.missing ?? 0)).toBe(30);
});

test('copies that are late now and then, or each by another time, are late', () => {
  expect(fromThreeSecondsOn((i) => (i % 3 === 0 ? 800 * MS : 30 * US))).toMatchObject({
    verdict: 'fail',
    totals: { late: 10 },
  });
  expect(fromThreeSecondsOn((i) => (200 + ((i * i * 7_919) % 1_500)) * MS)).toMatchObject({
    verdict: 'fail',
    totals: { late: 30 },
  });
});

test('where one clock stamped all, or all comes in time again, copies that are late are late', () => {
  expect(fromThreeSecondsOn(() => 800 * MS, undefined, true)).toMatchObject({ verdict: 'fail', totals: { late: 30 } });
  const held = fromThreeSecondsOn((i) => (i < 45 ? 800 * MS : 30 * US));
  expect(held).toMatchObject({ verdict: 'fail', totals: { late: 15 } });
});

test('frames of one leaf alone that repeat on the other one are no clock that was set, while others do not', () => {
  const captures = makeCaptures();
  captures.alive(0, 12 * SECOND);
  const frame = (variation: number): Uint8Array => plainFrame('arp-request-broadcast', { variation });
  for (let i = 1; i < 20; i++) for (const leaf of [0, 1]) captures.see(leaf, i * 150 * MS + leaf * 20 * US, frame(i));
  // A third of them comes to each leaf in turn, as a refresher sends; the rest to one leaf each.
  for (let i = 0; i < 4; i++) {
    captures.see(0, 4 * SECOND + i * 300 * MS, frame(100 + i));
    captures.see(1, 6 * SECOND + i * 300 * MS, frame(100 + i));
  }
  for (let i = 0; i < 8; i++) captures.see(i % 2, 3_500 * MS + i * 800 * MS, frame(200 + i));
  const { verdict, reasons } = judgeFiles(captures.files()).judgement;
  expect(verdict).toBe('fail');
  expect(reasons.join()).not.toContain('a clock was set');
});

test('what each leaf has alone at another edge of the time that both captured is no clock that was set', () => {
  const captures = makeCaptures();
  captures.alive(0, 10 * SECOND);
  const frame = (variation: number): Uint8Array => plainFrame('arp-request-broadcast', { variation });
  // leaf-b begins among copies of one burst, which leaf-a has a little later; leaf-a ends before the same is said again.
  for (let i = 1; i < 9; i++)
    for (const leaf of [0, 1]) captures.see(leaf, i * SECOND + leaf * 40 * US, frame(100 + i));
  for (const [i, late] of [
    [1, 5],
    [2, 6],
  ] as const) {
    captures.see(0, late * MS, frame(i));
    captures.see(1, 10 * SECOND - 30 * MS + late * MS, frame(i));
  }
  const { verdict, reasons } = judgeFiles(captures.files()).judgement;
  expect(reasons).toEqual([]);
  expect(verdict).toBe('pass');
});
