import { expect, test } from '@playwright/test';
import { trialLimit } from './trialLimit.js';

test('a trial has as much more time as its slowest node needs, and never less than usual', () => {
  expect(trialLimit([], 180_000)).toBe(180_000);
  expect(trialLimit([{}, {}], 180_000)).toBe(180_000);
  expect(trialLimit([{ slowness: 1 }, { slowness: 2.5 }, {}], 180_000)).toBe(450_000);
  expect(trialLimit([{ slowness: 0.5 }], 180_000)).toBe(180_000);
});
