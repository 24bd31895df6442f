import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { runProgram } from '../runProgram.js';

test('the capture filter that the manual tells is one', async () => {
  const text = readFileSync(join(PACKAGE_ROOT, 'docs/judging-captures.md'), 'utf8');
  const [, filter = ''] = /With a filter, use `([^`]+)`/.exec(text) ?? [];
  expect(filter).toContain('arp');
  const { code, stderr } = await runProgram('tcpdump', ['-y', 'EN10MB', '-d', filter]);
  expect([code, stderr]).toEqual([0, '']);
});
