import { expect, test } from '@playwright/test';
import { DURATIONS } from '../../durations.js';
import { patience } from '../../lab/patience.js';
import { factorOf, guestTiming, slownessOf } from './timing.js';

test('limits grow with what a guest needs to start a program, and never below those of this machine', () => {
  expect(guestTiming(factorOf(1)).command).toBe(DURATIONS.command);
  expect(guestTiming(factorOf(160)).command).toBe(10 * DURATIONS.command);
  // What is slower than that has no time for us.
  expect(guestTiming(factorOf(1e6)).command).toBe(guestTiming(factorOf(200)).command);
});

test('what is waited for longer is what programs do, in proportion', () => {
  expect(patience({ slowness: slownessOf(40) }, 100)).toBe(1_000);
  expect(patience({ slowness: slownessOf(1) }, 100)).toBe(100);
  expect(patience({}, 100)).toBe(100);
});

test('what is called late does not depend on the guest', () => {
  expect(guestTiming(factorOf(160)).lateFloor).toBe(DURATIONS.lateFloor);
});
