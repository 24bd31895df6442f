import { expect, test } from '@playwright/test';
import { WHOLE_RUNS_MS } from '../testing/limits.js';
import { fatesOf, wholeRun } from '../testing/wholeRun.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

test('a VM that moves in is behind the host at every leaf, and a leaf that heard nothing has it where it was', async () => {
  const { code, report } = await wholeRun('--scenario', 'moves in from another host');
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(fatesOf(report.controls)).toEqual([
    'double-some: caught',
    'drops-rarp: caught',
    'lose-inbound: caught',
    'lose-nd: caught',
    'lose-on-one-leg: caught',
    'ports-of-before: caught',
  ]);
});
