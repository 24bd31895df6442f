import { expect, test } from '@playwright/test';
import { hadItsTime } from './starved.js';

/** How long a guest is waited for whose CPU gets this share of its time, and how often the end was put off. */
async function waited(limitMs: number, idleShare: (ms: number) => number | null): Promise<readonly [number, number]> {
  let ms = 1_000;
  let sleeps = 0;
  await hadItsTime(
    limitMs,
    () => {
      const idle = idleShare(ms - 1_000);
      return Promise.resolve(idle === null ? null : 5e9 + idle * 1e6);
    },
    {
      now: () => ms,
      sleep: (left) => {
        sleeps++;
        ms += left;
        return Promise.resolve();
      },
    },
  );
  return [ms - 1_000, sleeps];
}

test('a guest that always ran had its time when the limit is over', async () => {
  expect(await waited(100, () => 0)).toEqual([100, 1]);
  expect(await waited(100, () => null)).toEqual([100, 1]);
});

test('what its machine starved it of is added', async () => {
  expect(await waited(100, (ms) => Math.min(ms, 30))).toEqual([130, 2]);
  const [half] = await waited(1_000, (ms) => ms / 2);
  expect(half).toBeGreaterThanOrEqual(1_990);
  expect(half).toBeLessThanOrEqual(2_000);
});

test('a guest that hardly runs at all is given up, and so is one whose CPU is gone', async () => {
  expect((await waited(100, (ms) => ms))[0]).toBe(1_000);
  expect((await waited(100, (ms) => (ms < 150 ? ms : null)))[0]).toBe(200);
});
