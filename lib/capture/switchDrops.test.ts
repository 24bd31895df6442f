import { expect, test } from '@playwright/test';
import { droppedBetween } from './switchDrops.js';

const read = (...inputs: readonly (readonly [id: number, dropped: number])[]) =>
  inputs.map(([id, dropped]) => ({ id, dropped }));

test('only what was lost between the readings counts', () => {
  expect(droppedBetween(read([1, 5], [2, 0]), read([1, 7], [2, 1]))).toBe(3);
});

test('all that the new sockets of a restarted switch lost counts', () => {
  expect(droppedBetween(read([1, 5]), read([2, 4]))).toBe(4);
  expect(droppedBetween(read([1, 5]), read([2, 0]))).toBe(0);
});

test('the losses of a switch that is gone are unknown', () => {
  expect(droppedBetween(read([1, 5]), read())).toBeNull();
});

test('where the kernel does not count, nothing is known', () => {
  expect(droppedBetween(null, read([1, 0]))).toBeNull();
});
