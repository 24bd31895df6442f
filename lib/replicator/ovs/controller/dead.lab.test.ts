import { expect, test } from '@playwright/test';
import { WHOLE_RUNS_MS } from '../../../testing/limits.js';
import { fatesOf, wholeRun } from '../../../testing/wholeRun.js';

test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

const DEAD = ['--scenario', 'a controller that is dead'];

test('what a controller has installed outlives it where the switch fails securely, and else each leaf misses frames', async () => {
  const { code, report } = await wholeRun('--replicator', 'ovs-controller', ...DEAD);
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(fatesOf(report.controls)).toEqual(['fails-open: caught', 'lose-on-one-leg: caught']);
  const open = report.experiments.find(({ intent }) => intent.type === 'control' && 'mutant' in intent);
  const reasons = open?.reasons.join('\n') ?? '';
  for (const leaf of ['leaf-a', 'leaf-b']) expect(reasons).toMatch(new RegExp(`^${leaf} never saw .* ARP `, 'm'));
  expect(reasons).toContain('fail_mode is standalone');
});
