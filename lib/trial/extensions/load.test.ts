import { expect, test } from '@playwright/test';
import { isFull, longestPause } from './load.js';

const queue = (frames: number, refused: number) => ({ frames, refused, room: 50, lastsMs: 140 });

test('a queue is full when it refuses frames, also if some have just left', () => {
  expect(isFull(queue(46, 8), queue(50, 7))).toBe(true);
  expect(isFull(queue(50, 7), queue(49, 7))).toBe(false);
});

test('what was refused before the first look says nothing', () => {
  expect(isFull(queue(50, 7), undefined)).toBe(false);
});

test('a queue that is longer than it was made is full when it no longer grows', () => {
  expect(isFull(queue(60, 0), queue(40, 0))).toBe(false);
  expect(isFull(queue(92, 0), queue(92, 0))).toBe(true);
});

test('the longest pause of a load is that between two frames in turn, whoever sent them', () => {
  expect(longestPause(['1000000000', '1300000000', '1100000000', '1150000000'])).toBe(150);
  expect(longestPause(['1000000000'])).toBe(0);
  expect(longestPause([])).toBe(0);
});
