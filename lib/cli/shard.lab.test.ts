import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stableJson } from '../evidence/json.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { RunSummary } from '../report/json.js';
import type { ShardRecord } from '../run/shard.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-shard-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everyleaf = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), ...args], { encoding: 'utf8', cwd: folder });
const ARP = ['--mode', 'balance-tcp', '--scenario', 'every ARP form', '--workers', '1'];

test('a shard to which nothing falls knows the whole run, has no verdict, and is no run for judge', () => {
  const { status, stdout, stderr } = everyleaf(
    ...['run', '--shard', '2/2', '--out', 'last', '--controls', 'none', '--json', ...ARP],
  );
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ shard: '2/2', tried: 0, planned: 0 });
  const { whole } = JSON.parse(readFileSync(join(folder, 'last/evidence/shard.json'), 'utf8')) as ShardRecord;
  expect(whole).toEqual([
    { project: 'balance-tcp', scenario: 'every ARP form of the host and its VMs reaches every leaf' },
  ]);
  const judged = everyleaf('judge', 'last');
  expect(judged.status).toBe(2);
  expect(judged.stderr).toContain('holds shard 2/2 of a run, which has no verdict of its own');
  const merged = everyleaf('merge', 'out', 'last', '--json');
  expect(merged.status, merged.stderr).toBe(69);
  const { verdict, reasons } = JSON.parse(merged.stdout) as RunSummary;
  expect({ verdict, first: reasons[0] }).toEqual({
    verdict: 'blocked',
    first: 'shard 1/2 is missing: 1 experiments were never tried',
  });
});

test('two shards in labs, balanced by a history, are merged into a run that passes', () => {
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');
  for (const shard of ['1/2', '2/2']) {
    const { status, stderr } = everyleaf('run', '--shard', shard, '--out', shard.slice(0, 1), ...ARP);
    expect(status, stderr).toBe(0);
  }
  const merged = everyleaf('merge', 'out', '2', '1');
  expect(merged.status, merged.stdout + merged.stderr).toBe(0);
  expect(everyleaf('nightly', '--history', 'history', '--of', 'out').status).toBe(0);
  for (const shard of ['1/2', '2/2']) {
    const { status, stderr } = everyleaf(
      ...['nightly', '--history', 'history', '--shard', shard, '--out', `n${shard.slice(0, 1)}`, ...ARP],
    );
    expect(status, stderr).toBe(0);
  }
  const plan = JSON.parse(readFileSync(join(folder, 'n1/evidence/plan.json'), 'utf8')) as { shard: object };
  expect(stableJson(plan.shard)).toContain('durations');
  const again = everyleaf('merge', 'again', 'n1', 'n2');
  expect(again.status, again.stdout + again.stderr).toBe(0);
  expect(everyleaf('nightly', '--history', 'history', '--of', 'again').status).toBe(0);
});
