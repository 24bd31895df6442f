import { expect, test } from '@playwright/test';
import { cpuWaitIn } from './cpuWait.js';

test('the time that a thread waited for a CPU is the second figure', () => {
  expect(cpuWaitIn('4991670 4045886 3\n')).toBe(4_045_886);
  expect(cpuWaitIn('')).toBeNull();
  expect(cpuWaitIn('0 0')).toBeNull();
});
