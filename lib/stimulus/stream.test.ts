import { expect, test } from '@playwright/test';
import type { Probe } from '../evidence/types.js';
import type { CraftedProbe } from './crafted.js';
import { startStream } from './stream.js';

const craft = (n: number): CraftedProbe => ({
  id: n + 1,
  kind: 'data-udp',
  namedBy: 'token',
  sender: 'vm1',
  group: 'stream',
  frame: '',
  wireTags: [],
});
const sent = (probes: readonly CraftedProbe[]): Promise<readonly Probe[]> =>
  Promise.resolve(probes.map((probe) => ({ ...probe, sentNs: '1' })));

test('a stream sends each probe once and in order until it is stopped', async () => {
  const stream = startStream(craft, sent, 2_000);
  await stream.sent(40);
  const probes = await stream.stop();
  expect(probes.length).toBeGreaterThanOrEqual(40);
  expect(probes.map((probe) => probe.id)).toEqual(probes.map((_, n) => n + 1));
  expect(await stream.stop()).toHaveLength(probes.length);
});

test('after a stall a stream goes on at its pace, without a burst', async () => {
  const batches: number[] = [];
  const slow = async (probes: readonly CraftedProbe[]) => {
    batches.push(probes.length);
    // As long as 100 probes would have taken.
    if (batches.length === 1) await new Promise((resolve) => setTimeout(resolve, 50));
    return sent(probes);
  };
  const stream = startStream(craft, slow, 2_000);
  await stream.sent(30);
  await stream.stop();
  expect(Math.max(...batches)).toBeLessThanOrEqual(8);
});

test('what breaks a stream is thrown to its waiter', async () => {
  const stream = startStream(craft, () => Promise.reject(new Error('no such port')), 1_000);
  await expect(stream.sent(1)).rejects.toThrow('no such port');
  await expect(stream.stop()).rejects.toThrow('no such port');
});
