import { expect, test } from '@playwright/test';
import { createEchoes } from './echoes.js';

const MS = 1_000_000;

test('a frame on its way up is an echo, the same frame received again is not', () => {
  const echoes = createEchoes();
  expect(echoes.isEcho(7, 9, 1, 0)).toBe(false);
  expect(echoes.isEcho(7, 9, 2, 1 * MS)).toBe(true);
  expect(echoes.isEcho(7, 9, 3, 2 * MS)).toBe(true);
  expect(echoes.isEcho(7, 9, 1, 3 * MS)).toBe(false);
  expect(echoes.isEcho(7, 8, 2, 3 * MS)).toBe(false);
  expect(echoes.isEcho(7, 9, 2, 600 * MS)).toBe(false);
});

test('frames whose hashes begin alike do not push each other out on their way up', () => {
  const echoes = createEchoes();
  const alike = [0, 1, 2, 3].map((round) => 7 + round * 0x10_0000);
  for (const a of alike) expect(echoes.isEcho(a, 9, 1, 0)).toBe(false);
  for (const a of alike) expect(echoes.isEcho(a, 9, 2, 1 * MS)).toBe(true);
});

test('where interfaces are not named, what comes soon again may be the same frame', () => {
  const echoes = createEchoes();
  expect(echoes.isTwin(7, 9, 0, 2 * MS)).toBe(false);
  expect(echoes.isTwin(7 + 0x10_0000, 9, 0, 2 * MS)).toBe(false);
  expect(echoes.isTwin(7, 9, 1 * MS, 2 * MS)).toBe(true);
  expect(echoes.isTwin(7, 9, 4 * MS, 2 * MS)).toBe(false);
});
