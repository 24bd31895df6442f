import { expect, test } from '@playwright/test';
import { isDrawn } from './samples.js';

test.skip(process.env['EVERYLEAF_LONG'] === '1', 'a long run draws all');

test('of tests that are drawn together each run takes as many as usual, and each has its turn', () => {
  const taken = (draw: number, usual: number) => [0, 1, 2].filter((mine) => isDrawn(mine, 3, usual, draw));
  expect([0, 0.34, 0.67, 0.999].map((draw) => taken(draw, 1))).toEqual([[0], [1], [2], [2]]);
  expect([0, 0.34, 0.67].map((draw) => taken(draw, 2))).toEqual([
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
});
