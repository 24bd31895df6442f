import { expect, test } from '@playwright/test';
import { runSummary } from './json.js';
import { failingRun } from './testing/sampleRun.js';

test('the summary has what a machine asks for first', () => {
  const { run } = failingRun();
  const summary = runSummary(run, { report: '/runs/1/index.html', evidence: '/runs/1/evidence' });
  expect(summary).toMatchObject({
    verdict: 'fail',
    leaves: ['leaf-a', 'leaf-b'],
    evidence: '/runs/1/evidence',
    report: '/runs/1/index.html',
    controls: { mutants: 6, caught: 5, tampers: { tried: 1, caught: 1 }, survivors: ['stale-liveness'] },
  });
  expect(summary.kinds['garp-request']).toMatchObject({ probes: 24, missing: 24, delivered: 0 });
  expect(summary.controls.table['group-and-normal']?.['every ARP frame reaches every leaf once']).toEqual({
    fate: 'caught',
    verdict: 'fail',
    signatures: ['duplicate'],
  });
  expect(summary.controls.table['lose-on-one-leg']?.['every ARP frame reaches every leaf once']?.signatures).toEqual([
    'missing',
  ]);
  expect(summary.experiments.flatMap(({ mutant, tamper }) => (tamper === undefined ? [] : [[mutant, tamper]]))).toEqual(
    Array.from({ length: 8 }, () => [null, 'lose-on-one-leg']),
  );
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});

test('frames are left to the evidence', () => {
  const { run } = failingRun();
  expect(JSON.stringify(runSummary(run))).not.toContain('"deliveries"');
  expect(runSummary(run).report).toBeNull();
});
