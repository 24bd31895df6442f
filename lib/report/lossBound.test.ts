import { expect, test } from '@playwright/test';
import { lossBound } from './lossBound.js';

test('n of n delivered exclude a loss of about three in n', () => {
  expect(lossBound({ delivered: 300, missing: 0 })).toBe(100);
  expect(lossBound({ delivered: 3000, missing: 0 })).toBe(1001);
});

test('a loss at the bound shows in 95 of 100 runs, a rarer one in fewer', () => {
  for (const delivered of [10, 59, 1240]) {
    const oneIn = lossBound({ delivered, missing: 0 }) ?? 0;
    expect(1 - (1 - 1 / oneIn) ** delivered).toBeGreaterThanOrEqual(0.95);
    expect(1 - (1 - 1 / (oneIn + 1)) ** delivered).toBeLessThan(0.95);
  }
});

test('there is no bound where something was missing, or little was sent', () => {
  expect(lossBound({ delivered: 300, missing: 1 })).toBeNull();
  expect(lossBound({ delivered: 0, missing: 0 })).toBeNull();
  expect(lossBound({ delivered: 3, missing: 0 })).toBeNull();
});
