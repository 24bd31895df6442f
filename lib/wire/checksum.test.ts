import { expect, test } from '@playwright/test';
import { addToSum, finishSum, internetChecksum } from './checksum.js';
import { fromHex } from './bytes.js';

test('the example of RFC 1071', () => {
  const bytes = fromHex('0001f203f4f5f6f7');
  expect(finishSum(addToSum(0, bytes))).toBe(~0xddf2 & 0xffff);
});

test('an odd last byte counts as the high half of a word', () => {
  expect(internetChecksum(fromHex('0102ab'))).toBe(~(0x0102 + 0xab00) & 0xffff);
});

test('a sum beyond 32 bits folds right', () => {
  expect(internetChecksum(new Uint8Array(300_000).fill(0xff))).toBe(0);
});
