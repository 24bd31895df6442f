import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { wholeRun } from '../../testing/wholeRun.js';
import { VARIANTS } from './traits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

const FLAT = join(PACKAGE_ROOT, 'topologies/flat.yaml');

const run = (...args: readonly string[]) => wholeRun('--data-plane', 'macvlan', '--topology', FLAT, ...args);

test('flows copy what macvlans send, in each of their modes, and VMs on the host hear what the mode lets through', async () => {
  const { code, report } = await run(
    ...['--replicator', 'ovs-group', '--controls', 'tampers'],
    ...['--scenario', 'every ARP form', '--scenario', 'what VMs on one host say'],
  );
  expect(code, report.reasons.join('\n')).toBe(0);
  const of = (title: string) =>
    report.experiments
      .filter(({ intent, scenario }) => intent.type === 'qualify' && scenario.includes(title))
      .map(({ plane, verdict }) => `${plane?.variant ?? ''}: ${verdict}`)
      .sort();
  expect(of('every ARP form')).toEqual(VARIANTS.map((variant) => `${variant}: pass`).sort());
  expect(of('what VMs on one host say')).toEqual([
    'bridge: pass',
    'passthru: pass',
    'private: skipped',
    'vepa: skipped',
  ]);
  expect(report.controls.tampers.filter(({ fate }) => fate !== 'caught')).toEqual([]);
});

test('without a replicator each mode fails, on a leaf that is named', async () => {
  const { code, report } = await run(...['--replicator', 'none', '--controls', 'none', '--scenario', 'every ARP form']);
  expect(code).toBe(1);
  expect(report.experiments.map(({ verdict }) => verdict)).toEqual(VARIANTS.map(() => 'fail'));
  for (const { reasons } of report.experiments) expect(reasons.join('\n')).toMatch(/leaf-[ab] never saw .* from vm1/);
});
