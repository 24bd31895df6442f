import { expect, test } from '@playwright/test';
import { consoleEnd } from './consoleEnd.js';

test('of a console its end is told, and what the kernel panicked of', () => {
  expect(consoleEnd('\r\n \n')).toBe('its console is empty');
  expect(consoleEnd('a\r\nb\n\nc\nd\n')).toBe('its console ends with: b | c | d');
  const panic = '[ 1.0] Kernel panic - not syncing: sysrq triggered crash';
  expect(consoleEnd(`a\n${panic}\nb\nc\nd\n`)).toBe(`its console ends with: ${panic} | b | c | d`);
  expect(consoleEnd(`a\n${panic}\nd\n`)).toBe(`its console ends with: a | ${panic} | d`);
});
