import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunReport } from '../../run/result.js';
import { runProgram } from '../../runProgram.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-vxlan-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly report: RunReport }> {
  const out = join(folder, 'run');
  const { code } = await runProgram(process.execPath, [
    join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
    ...['run', '--data-plane', 'vxlan', '--scenario', 'the VTEP of tenants', '--out', out, ...args],
  ]);
  return { code, report: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport };
}

test('flows that copy neighbor frames alone copy the VTEP, and nothing that is inside of its tunnel', async () => {
  const { code, report } = await run('--replicator', 'ovs-group');
  expect(code, report.reasons.join('\n')).toBe(0);
  const { mutants, tampers } = report.controls;
  expect(
    [
      ...mutants.map(({ mutant, fate }) => `${mutant}: ${fate}`),
      ...tampers.map(({ tamper, fate }) => `${tamper}: ${fate}`),
    ].sort(),
  ).toEqual(['copies-tunnels: caught', 'copy-data: caught', 'lose-nd: caught']);
});

test('without a replicator some leaf misses the VTEP', async () => {
  const { code, report } = await run('--replicator', 'none', '--controls', 'none');
  expect(code).toBe(1);
  expect(report.experiments.flatMap((experiment) => experiment.reasons).join('\n')).toMatch(
    /leaf-[ab] never saw .* from host/,
  );
});
