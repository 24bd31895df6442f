import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../judge/testing/captures.js';
import { samples } from '../testing/samples.js';
import { createSumming, verdictOf } from './summary.js';
import { feedWindows } from './testing/feedWindows.js';

const SECONDS = 60;
const AHEAD_NS = 3 * SECOND;

/** A leaf's clock that is ahead, and another that drifts besides. */
const CLOCKS = [(at: number) => at, (at: number) => at * (1 + 20e-6) + AHEAD_NS] as const;

/** A neighbor frame each 100 ms, and an LACPDU of each port each second. `lost`: places of those that leaf-b never sees. */
function traffic(lost: ReadonlySet<number>, seconds = SECONDS): MadeCaptures {
  const made = makeCaptures();
  for (let i = 0; i < seconds; i++)
    for (const leaf of [0, 1])
      made.see(leaf, i * SECOND + leaf * 40 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  for (let i = 0; i < seconds * 10; i++) {
    const frame = plainFrame(i % 2 === 0 ? 'arp-request-unicast' : 'ns-unicast', { host: 10 + (i % 4), variation: i });
    made.see(0, i * 100 * MS + 5 * MS, frame);
    if (!lost.has(i)) made.see(1, i * 100 * MS + 5 * MS + 30 * US, frame);
  }
  return made;
}

test('windows follow each other without a gap, and all of them pass where all is well', async () => {
  const windows = await feedWindows(traffic(new Set()).files(CLOCKS), { seconds: 10 });
  expect(windows.length).toBeGreaterThanOrEqual(4);
  expect(windows.map(({ verdict }) => verdict)).toEqual(windows.map(() => 'pass'));
  expect(windows.map(({ gapNs }) => gapNs)).toEqual(windows.map(() => 0n));
  const summing = createSumming();
  for (const window of windows) summing.add(window);
  const summary = summing.summary();
  expect(verdictOf(summary)).toBe('pass');
  // All but what is at the ends, and at most one frame twice at each of the edges between two windows.
  expect(summary.totals.probes).toBeGreaterThanOrEqual(SECONDS * 10 - 30);
  expect(summary.totals.probes).toBeLessThanOrEqual(SECONDS * 10 + windows.length);
});

test('each frame that is lost is told, wherever it lies, also at the edge of two windows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 10, max: SECONDS * 10 - 30 }),
      fc.integer({ min: 300, max: 20_000 }),
      fc.integer({ min: 10, max: 17 }),
      async (lost, chunkBytes, seconds) => {
        const windows = await feedWindows(traffic(new Set([lost])).files(CLOCKS), { seconds, chunkBytes });
        const missing = windows.reduce((sum, { judged }) => sum + (judged.judgement.byLeaf['leaf-b']?.missing ?? 0), 0);
        expect(missing, `frame ${lost}`).toBeGreaterThanOrEqual(1);
        expect(missing).toBeLessThanOrEqual(2);
        expect(windows.some(({ verdict }) => verdict === 'fail')).toBe(true);
      },
    ),
    { numRuns: samples(8, 25) },
  );
});

test('time in which no host speaks is quiet: it neither proves anything nor spoils a pass', async () => {
  const made = traffic(new Set(), 20);
  for (let i = 20; i < 60; i++)
    for (const leaf of [0, 1])
      made.see(leaf, i * SECOND + leaf * 40 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  const windows = await feedWindows(made.files(), { seconds: 10, isSharedClock: true, chunkBytes: 500 });
  const summing = createSumming();
  for (const window of windows) summing.add(window);
  const { windows: counts } = summing.summary();
  expect(counts.quiet).toBeGreaterThanOrEqual(2);
  expect(counts.inconclusive).toBe(0);
  expect(verdictOf(summing.summary())).toBe('pass');
});

test('hosts that speak seldom pass, wherever the watch ends', async () => {
  const made = makeCaptures();
  for (let i = 0; i < 90; i++)
    for (const leaf of [0, 1])
      made.see(leaf, i * SECOND + leaf * 40 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  for (let i = 0; i < 60; i++)
    made.all(i * 1_500 * MS + ((i * 37) % 11) * 40 * MS, plainFrame('arp-request-unicast', { variation: i }));
  const files = made.files(CLOCKS);
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0.6, max: 1, noNaN: true }), async (share) => {
      const summing = createSumming();
      const cut = files.map((file) => file.subarray(0, Math.round(file.length * share)));
      for (const window of await feedWindows(cut, { seconds: 15, chunkBytes: 700 })) summing.add(window);
      const summary = summing.summary();
      expect(verdictOf(summary), JSON.stringify(summary.reasons)).toBe('pass');
      expect(summary.windows.pass).toBeGreaterThanOrEqual(2);
    }),
    { numRuns: 8 },
  );
});

test('nothing but silence is no pass', async () => {
  const made = makeCaptures();
  for (let i = 0; i < 30; i++)
    for (const leaf of [0, 1])
      made.see(leaf, i * SECOND + leaf * 40 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  const summing = createSumming();
  for (const window of await feedWindows(made.files(), { seconds: 10, isSharedClock: true })) summing.add(window);
  expect(verdictOf(summing.summary())).toBe('inconclusive');
});

test('what a window holds is bounded: one that cannot be judged ends when it is too large, and spoils the pass', async () => {
  const made = makeCaptures();
  for (let i = 0; i < 600; i++) made.see(0, i * 100 * MS, plainFrame('arp-request-unicast', { variation: i }));
  // Alive at its beginning only.
  made.see(1, 0, plainFrame('lacpdu', { host: 99 }));
  const windows = await feedWindows(made.files(), { seconds: 10, mostBytes: 20_000, isSharedClock: true });
  const summing = createSumming();
  for (const window of windows) summing.add(window);
  expect(verdictOf(summing.summary())).toBe('inconclusive');
  expect(windows.length).toBeGreaterThanOrEqual(2);
});
