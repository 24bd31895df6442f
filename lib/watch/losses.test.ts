import { expect, test } from '@playwright/test';
import { ngBlocks } from '../pcap/testing/captures.js';
import { MS, plainFrame } from '../judge/testing/captures.js';
import { createSumming, verdictOf, type WatchSummary } from './summary.js';
import { feedWindows } from './testing/feedWindows.js';

const START_MICROS = 1_760_000_000_000_000;

/** A neighbor frame each 100 ms; `lost` are not there. Its statistics stand at the end, as dumpcap writes them. */
function capture(leaf: number, lost: readonly number[], drops: number): Uint8Array {
  const ng = ngBlocks(false);
  return Uint8Array.from([
    ...ng.section(),
    ...ng.iface(1),
    ...Array.from({ length: 400 }, (_, i) => i)
      .filter((i) => !lost.includes(i))
      .flatMap((i) => [
        ...ng.enhanced(
          0,
          BigInt(START_MICROS + (i * 100 * MS) / 1_000 + leaf * 30),
          plainFrame('arp-request-unicast', { variation: i }),
        ),
      ]),
    ...ng.statistics(0, { 5: BigInt(drops) }),
  ]);
}

async function summed(files: readonly Uint8Array[]): Promise<WatchSummary> {
  const summing = createSumming();
  for (const window of await feedWindows(files, { seconds: 10 })) summing.add(window);
  return summing.summary();
}

test('what a capture lacks is inconclusive where it counts dropped frames at its end', async () => {
  const dropped = await summed([capture(0, [], 0), capture(1, [150], 1)]);
  expect(verdictOf(dropped)).toBe('inconclusive');
  expect(dropped.windows.fail).toBe(0);
  expect(dropped.reasons.map(({ reason }) => reason)).toContainEqual(
    expect.stringContaining('counted dropped frames later'),
  );
  // A frame is lost all the same where the other capture dropped some, or none did.
  expect(verdictOf(await summed([capture(0, [], 1), capture(1, [150], 0)]))).toBe('fail');
  expect(verdictOf(await summed([capture(0, [], 0), capture(1, [150], 0)]))).toBe('fail');
  // What the one dropped says nothing of what the other one lacks.
  expect(verdictOf(await summed([capture(0, [150], 0), capture(1, [250], 1)]))).toBe('fail');
  expect(verdictOf(await summed([capture(0, [150], 2), capture(1, [250], 1)]))).toBe('inconclusive');
});
