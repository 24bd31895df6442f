import { expect, test } from '@playwright/test';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';

// One after the other: whether an uplink is full depends on how fast its sender gets a processor.
test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

const LOADED = ['--scenario', 'while one uplink is full', '--scenario', 'while a VM sends more'];

const run = (...args: readonly string[]) => wholeRun('--data-plane', 'qos', ...LOADED, ...args);

test('with a class of its own each copy leaves an uplink that is full of data, and without one it does not', async () => {
  const { code, report } = await run('--replicator', 'ovs-group-class');
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(fatesOf(report.controls)).toEqual(['long-queue: caught', 'lose-on-one-leg: caught', 'shares-class: caught']);
});

test('flows alone are not enough there, and each leaf that missed something is named', async () => {
  const { code, report } = await run('--replicator', 'ovs-group', '--controls', 'none');
  expect(code, report.reasons.join('\n')).toBe(1);
  const reasons = report.experiments.flatMap((experiment) => experiment.reasons).join('\n');
  for (const leaf of ['leaf-a', 'leaf-b']) expect(reasons).toContain(`${leaf} never saw`);
});
