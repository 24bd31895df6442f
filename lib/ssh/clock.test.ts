import { expect, test } from '@playwright/test';
import { boundsOf, READINGS, together } from './clock.js';

const NANOSECONDS = { stepNs: 1n };

test('a sample says the offset within its round trip, whichever way was slow', () => {
  // The far clock is 1,000 ahead; the question takes 10, the answer 90, and the other way round.
  const slowAnswer = boundsOf(0n, 1_010n, 100n, NANOSECONDS);
  const slowQuestion = boundsOf(0n, 1_090n, 100n, NANOSECONDS);
  expect(slowAnswer).toEqual({ low: 910n, high: 1_011n });
  expect(slowQuestion).toEqual({ low: 990n, high: 1_091n });
  // Together they say more than each.
  const offset = together([slowAnswer, slowQuestion]);
  expect(offset).toEqual({ ns: 1_000n, errorNs: 11n });
});

test('a clock that shows whole seconds is known by samples around the beginning of one', () => {
  const second = 1_000_000_000n;
  const ms = 1_000_000n;
  // 0.25 s behind: the third second begins at 3.25 s of ours.
  const samples = Array.from({ length: 200 }, (_, index) => {
    const asked = 2n * second + BigInt(index) * 10n * ms;
    const shown = ((asked + 2n * ms - second / 4n) / second) * second;
    return boundsOf(asked, shown, asked + 5n * ms, { stepNs: second });
  });
  const offset = together(samples);
  expect(offset).not.toBeNull();
  const { ns, errorNs } = offset ?? { ns: 0n, errorNs: 0n };
  expect(errorNs).toBeLessThan(10n * ms);
  expect(ns - errorNs <= -second / 4n && ns + errorNs >= -second / 4n).toBe(true);
});

test('whole seconds that begin a tick late are no other offset', () => {
  const reading = READINGS.find(({ name }) => name === 'date of busybox') ?? NANOSECONDS;
  const second = 1_000_000_000n;
  const tick = 10_000_000n;
  // One machine: it is the third second, and its number is still the second one.
  const late = boundsOf(3n * second + tick, 2n * second, 3n * second + 2n * tick, reading);
  expect(late.high).toBeGreaterThanOrEqual(0n);
  expect(late.low).toBeLessThanOrEqual(0n);
});

test('samples that contradict each other give no offset', () => {
  expect(together([boundsOf(0n, 1_000n, 10n, NANOSECONDS), boundsOf(20n, 2_000n, 30n, NANOSECONDS)])).toBeNull();
});
