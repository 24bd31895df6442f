import { expect, test } from '@playwright/test';
import { makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../judge/testing/captures.js';
import { createSumming, verdictOf, type WatchSummary } from './summary.js';
import { feedWindows } from './testing/feedWindows.js';

const SECONDS = 60;
/** It speaks all the time. */
const OTHER = 20;

interface Talk {
  /** When the host sends neighbor frames, s. */
  readonly from: number;
  readonly to: number;
  /** When its data is copied, s. */
  readonly copied?: number;
  /** Whether another host speaks all the time. */
  readonly isAlone?: boolean;
}

function talk({ from, to, copied = Infinity, isAlone = false }: Talk): MadeCaptures {
  const made = makeCaptures();
  for (let i = 0; i < SECONDS; i++)
    for (const leaf of [0, 1])
      made.see(leaf, i * SECOND + leaf * 40 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  for (let i = 0; i < SECONDS * 5; i++) {
    // What repeats at an even pace does not tell clocks.
    const at = i * 200 * MS + ((i * 37) % 11) * 7 * MS;
    if (!isAlone) made.all(at, plainFrame('arp-request-unicast', { host: OTHER, variation: i }));
    if (at >= from * SECOND && at < to * SECOND)
      made.all(at + 50 * MS, plainFrame('arp-request-unicast', { variation: i }));
    const data = plainFrame('data-udp', { variation: i });
    made.see(i % 2, at + 100 * MS, data);
    if (Math.floor(at / SECOND) === copied) made.see(1 - (i % 2), at + 100 * MS + 20 * US, data);
  }
  return made;
}

async function summed(said: Talk): Promise<WatchSummary> {
  const summing = createSumming();
  const files = talk(said).files([(at) => at, (at) => at + 3 * SECOND]);
  for (const window of await feedWindows(files, { seconds: 10, chunkBytes: 1_000 })) summing.add(window);
  return summing.summary();
}

test('whoever sent a neighbor frame is a host from then on: its data is judged where it sends no other one', async () => {
  expect(verdictOf(await summed({ from: 0, to: 15 }))).toBe('pass');
  const { windows, findings } = await summed({ from: 0, to: 15, copied: 45 });
  expect(windows.fail).toBeGreaterThanOrEqual(1);
  expect(findings.map(({ finding }) => finding.signature)).toEqual(['data-replicated']);
});

test('data that was copied before its sender was known for a host spoils the pass', async () => {
  expect(verdictOf(await summed({ from: 40, to: 60 }))).toBe('pass');
  const summary = await summed({ from: 40, to: 60, copied: 15 });
  expect(verdictOf(summary)).toBe('inconclusive');
  expect(summary.reasons.map(({ reason }) => reason)).toEqual([
    'Data of 02:00:00:00:01:0a was copied before it sent a neighbor frame, and was not known for a host yet.',
  ]);
  // Nobody asks for one that is no host.
  const never = await summed({ from: 0, to: 0, copied: 15 });
  expect(verdictOf(never), JSON.stringify(never.reasons)).toBe('pass');
});

test('where hosts send nothing but data, clocks are known by what they sent before', async () => {
  const { windows } = await summed({ from: 0, to: 25, isAlone: true });
  expect(windows).toMatchObject({ fail: 0, inconclusive: 0 });
  expect(windows.quiet).toBeGreaterThanOrEqual(1);
});

test('a window with nothing but malformed messages is not quiet', async () => {
  const made = talk({ from: 0, to: 15, isAlone: true });
  for (let i = 0; i < 20; i++) {
    const frame = plainFrame('ns-unicast', { variation: i });
    frame[14 + 7] = 254;
    made.all(45 * SECOND + i * 110 * MS, frame);
  }
  const summing = createSumming();
  for (const window of await feedWindows(made.files(), { seconds: 10, chunkBytes: 1_000 })) summing.add(window);
  expect(verdictOf(summing.summary())).toBe('inconclusive');
});
