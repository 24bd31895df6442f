import { expect, test } from '@playwright/test';
import { isLong } from './plan.js';

test('a plan says whether it includes scenarios of seconds, also one of a version that called them extended', () => {
  expect([
    isLong({ longest: 'short' }),
    isLong({ longest: 'seconds' }),
    isLong({ longest: 'minutes' }),
    isLong({ extended: true }),
    isLong({ extended: false }),
    isLong({}),
  ]).toEqual([false, true, true, true, false, false]);
});
