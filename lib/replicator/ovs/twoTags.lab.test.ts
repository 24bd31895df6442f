import { expect, test } from '@playwright/test';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

test('a switch that reads two tags copies what is behind both, and one that reads one tag is found out', async () => {
  const { code, report } = await wholeRun('--replicator', 'ovs-group-two-tags', '--scenario', 'with two VLAN tags');
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(fatesOf(report.controls)).toEqual([
    'copies-all-with-two-tags: caught',
    'drops-outer-tag: caught',
    'lose-two-tags: caught',
    'reads-one-tag: caught',
    'strip-inner-tag: caught',
  ]);
  const blind = report.experiments.find(
    ({ intent }) => intent.type === 'control' && 'mutant' in intent && intent.mutant === 'reads-one-tag',
  );
  expect(blind?.reasons.join('\n')).toMatch(/leaf-[ab] never saw 60 of 60 frames/);
});
