import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND } from '../testing/captures.js';

/** Half a minute of a host that is well, and one more frame that leaf-b has not got. */
function judgeWithout(at: number, isSharedClock: boolean) {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    captures.all(
      500 * MS + round * SECOND + (round % 7) * 11 * MS,
      plainFrame('arp-request-broadcast', { variation: round + 1 }),
    );
  captures.see(0, at, plainFrame('ns-dad', { variation: 77 }));
  return judgeFiles(captures.files(), { isSharedClock }).judgement;
}

for (const isSharedClock of [true, false]) {
  test(`what came within 50 ms of either end of the window is neither missing nor delivered, ${isSharedClock ? 'one clock' : 'measured clocks'}`, () => {
    for (const at of [30 * MS, 31 * SECOND - 8 * MS, 31 * SECOND - 30 * MS, 31 * SECOND - 45 * MS]) {
      const judgement = judgeWithout(at, isSharedClock);
      const when = at < SECOND ? 'before' : 'after';
      expect(judgement.findings, String(at)).toMatchObject([
        {
          verdict: 'note',
          count: 1,
          sentence: expect.stringContaining(`1 neighbor frame of hosts came ${when} it (1 on leaf-a)`),
        },
      ]);
      expect(judgement.totals, String(at)).toMatchObject({ probes: 30, delivered: 30 });
    }
    for (const at of [70 * MS, 31 * SECOND - 70 * MS]) {
      const judgement = judgeWithout(at, isSharedClock);
      expect(judgement.verdict, String(at)).toBe('fail');
      expect(judgement.byLeaf, String(at)).toMatchObject({ 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 1 } });
    }
  });
}

test('two copies on both sides of an edge belong together', () => {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    captures.all(
      500 * MS + round * SECOND + (round % 7) * 11 * MS,
      plainFrame('arp-request-broadcast', { variation: round + 1 }),
    );
  for (const [leaf, edge] of [
    [0, 50 * MS],
    [1, 31 * SECOND - 50 * MS],
  ] as const) {
    captures.see(leaf, edge - 12 * MS, plainFrame('ns-dad', { variation: 77 + leaf }));
    captures.see(1 - leaf, edge + 18 * MS, plainFrame('ns-dad', { variation: 77 + leaf }));
  }
  const { judgement } = judgeFiles(captures.files(), { isSharedClock: true });
  expect(judgement.findings).toEqual([]);
  // The one that began inside is judged, and was delivered.
  expect(judgement.totals).toMatchObject({ probes: 31, delivered: 31 });
});
