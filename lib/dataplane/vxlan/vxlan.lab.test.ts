import { expect, test } from '@playwright/test';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

const run = (...args: readonly string[]) =>
  wholeRun('--data-plane', 'vxlan', '--scenario', 'the VTEP of tenants', ...args);

test('flows that copy neighbor frames alone copy the VTEP, and nothing that is inside of its tunnel', async () => {
  const { code, report } = await run('--replicator', 'ovs-group');
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(fatesOf(report.controls)).toEqual(['copies-tunnels: caught', 'copy-data: caught', 'lose-nd: caught']);
});

test('without a replicator some leaf misses the VTEP', async () => {
  const { code, report } = await run('--replicator', 'none', '--controls', 'none');
  expect(code).toBe(1);
  expect(report.experiments.flatMap((experiment) => experiment.reasons).join('\n')).toMatch(
    /leaf-[ab] never saw .* from host/,
  );
});
