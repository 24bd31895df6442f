import { expect, test } from '@playwright/test';
import { outlived } from './ending.js';

const flow = (what: string, ageMs: number | null, leftMs: number) => ({ what, ageMs, leftMs });

test('what is there longer than its time was neither ended nor renewed', () => {
  const before = [flow('kept', 2_000, 8_000), flow('renewed', 2_000, 8_000), flow('gone', 0, 3_000)];
  const after = [flow('kept', 10_500, 0), flow('renewed', 4_000, 6_000), flow('new', 12_000, 1_000)];
  expect(outlived(before, after, 8_000).map(({ what }) => what)).toEqual(['kept']);
});

test('what is not due yet, or tells no age, is not counted', () => {
  expect(outlived([flow('later', 0, 9_000)], [flow('later', 8_500, 500)], 8_000)).toEqual([]);
  expect(outlived([flow('element', null, 3_000)], [flow('element', null, 3_000)], 8_000)).toEqual([]);
});
