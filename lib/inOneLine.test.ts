import { expect, test } from '@playwright/test';
import { inOneLine } from './inOneLine.js';

test('lines are joined by one space, and spaces inside of a line stay', () => {
  expect(inOneLine('\n a  b \n\n  c\r\nd\n')).toBe('a  b c d');
});
