import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunReport } from '../../run/result.js';
import { runProgram } from '../../runProgram.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';

// One after the other: whether an uplink is full depends on how fast its sender gets a processor.
test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-qos-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly report: RunReport }> {
  const out = join(folder, 'run');
  const { code } = await runProgram(process.execPath, [
    join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
    ...[
      'run',
      '--data-plane',
      'qos',
      '--scenario',
      'while one uplink is full',
      '--scenario',
      'while a VM sends more',
      '--out',
      out,
      ...args,
    ],
  ]);
  return { code, report: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport };
}

test('with a class of its own each copy leaves an uplink that is full of data, and without one it does not', async () => {
  const { code, report } = await run('--replicator', 'ovs-group-class');
  expect(code, report.reasons.join('\n')).toBe(0);
  const { mutants, tampers } = report.controls;
  expect(
    [
      ...mutants.map(({ mutant, fate }) => `${mutant}: ${fate}`),
      ...tampers.map(({ tamper, fate }) => `${tamper}: ${fate}`),
    ].sort(),
  ).toEqual(['long-queue: caught', 'lose-on-one-leg: caught', 'shares-class: caught']);
});

test('flows alone are not enough there, and each leaf that missed something is named', async () => {
  const { code, report } = await run('--replicator', 'ovs-group', '--controls', 'none');
  expect(code, report.reasons.join('\n')).toBe(1);
  const reasons = report.experiments.flatMap((experiment) => experiment.reasons).join('\n');
  for (const leaf of ['leaf-a', 'leaf-b']) expect(reasons).toContain(`${leaf} never saw`);
});
