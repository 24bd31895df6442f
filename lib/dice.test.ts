import { expect, test } from '@playwright/test';
import { dice } from './dice.js';

test('the same seed rolls the same numbers, another seed others', () => {
  const rolled = (seed: number): readonly number[] => {
    const roll = dice(seed);
    return Array.from({ length: 5 }, roll);
  };
  expect(rolled(7)).toEqual(rolled(7));
  expect(rolled(7)).not.toEqual(rolled(8));
});

test('every number is from 0 to below 1, and all tenths are hit', () => {
  const roll = dice(1);
  const tenths = new Set(Array.from({ length: 1000 }, () => Math.floor(roll() * 10)));
  expect([...tenths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
