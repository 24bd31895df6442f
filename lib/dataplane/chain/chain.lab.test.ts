import { expect, test } from '@playwright/test';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { wholeRun } from '../../testing/wholeRun.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

const run = (...args: readonly string[]) => wholeRun('--data-plane', 'chain', ...args);

test('behind firewalls flows copy as elsewhere, and a firewall that forgets ND or copies in front of it are noticed', async () => {
  const { code, report } = await run(
    ...['--replicator', 'ovs-group', '--scenario', 'every ARP form', '--scenario', 'every NS and NA form'],
  );
  expect(code, report.reasons.join('\n')).toBe(0);
  const fates = report.controls.mutants.map(({ mutant, fate }) => `${mutant}: ${fate}`);
  expect(fates).toEqual(expect.arrayContaining(['firewall-forgets-nd: caught', 'copies-in-front: caught']));
});

test('without a replicator a leaf that is named misses what VMs send', async () => {
  const { code, report } = await run(...['--replicator', 'none', '--controls', 'none', '--scenario', 'every ARP form']);
  expect(code).toBe(1);
  expect(report.experiments.map(({ verdict }) => verdict)).toEqual(['fail']);
  expect(report.experiments[0]?.reasons.join('\n')).toMatch(/leaf-[ab] never saw .* from vm1/);
});
