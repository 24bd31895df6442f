import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dice } from '../../dice.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunSummary } from '../../report/json.js';
import { readJournal } from '../../repair/journal.js';
import type { MachinesRecord } from '../../run/machinesRecord.js';
import type { RunReport } from '../../run/result.js';
import { runProgram } from '../../runProgram.js';
import { runKillRound } from './testing/runKillRound.js';
import { bringUpTwoLeaves } from './testing/twoLeaves.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../../testing/limits.js';
import { samples } from '../../testing/samples.js';
import { until } from '../../until.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
// Two whole runs over ssh take some minutes.
test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

test('machines that are reached by ssh: a right replicator passes, none fails with leaf and kind', async ({}, info) => {
  await using leaves = await bringUpTwoLeaves();
  const run = async (out: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(process.execPath, [
      join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
      ...['run', '--json', '--testbed', 'ssh', '--binding', leaves.binding, '--out', out],
      ...['--mode', 'balance-tcp', '--scenario', 'every ARP form', '--controls', 'none', ...args],
    ]);
    return { code, stderr, summary: JSON.parse(stdout) as RunSummary };
  };
  const out = info.outputPath('right');
  const right = await run(out);
  // Without controls nothing shows that the lab would have noticed.
  expect(right.summary.reasons.join(), right.stderr).toContain('no control');
  expect([right.summary.verdict, right.code]).toEqual(['inconclusive', 3]);
  const { totals, testbed } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport;
  expect(testbed).toBe('ssh');
  expect([totals.delivered, totals.missing, totals.duplicate]).toEqual([totals.probes, 0, 0]);
  expect(totals.probes).toBeGreaterThan(0);

  const none = await run(info.outputPath('none'), '--replicator', 'none');
  expect(none.code, none.stderr).toBe(1);
  expect(none.summary.kinds['arp-request-broadcast']?.missing).toBeGreaterThan(0);
  expect(none.summary.reasons.join()).toMatch(/leaf-[ab] never saw \d+ of \d+ [a-z ]*ARP/);
  for (const machine of Object.values(leaves.machines)) {
    await expect.poll(() => machine.processes()).toEqual([]);
    expect(await machine.inside('sh', '-c', 'ip netns list; ls /tmp /run | grep everyleaf | grep -v leases || :')).toBe(
      '',
    );
  }
});

test('a run that is interrupted gives the machines back before it ends, and is no pass', async ({}, info) => {
  await using leaves = await bringUpTwoLeaves();
  const out = info.outputPath('interrupted');
  const main = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');
  const args = ['--testbed', 'ssh', '--binding', leaves.binding, '--out', out, '--mode', 'balance-tcp'];
  const run = spawn(process.execPath, [main, 'run', ...args, '--scenario', 'with one leg out', '--controls', 'none'], {
    stdio: 'ignore',
  });
  const exited = once(run, 'exit');
  await until('its lab', HANGS_MS, () => Promise.resolve(readJournal(leaves.state).open.length > 0 ? true : null));
  run.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
  const record = JSON.parse(readFileSync(join(out, 'evidence/machines.json'), 'utf8')) as MachinesRecord;
  expect(record).toMatchObject({ status: 'given back', differs: [], error: null });
  expect((JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport).verdict).not.toBe('pass');
  expect(readJournal(leaves.state).open).toEqual([]);
  for (const machine of Object.values(leaves.machines))
    expect(await machine.inside('sh', '-c', 'ip netns list; ls /tmp /run | grep everyleaf | grep -v leases || :')).toBe(
      '',
    );
  const { stdout } = await runProgram(process.execPath, [main, 'lease', 'show', leaves.binding]);
  expect(stdout).toBe('the lease of two-linux-leaves-local is free\n');
});

/** From the start of a run over its login, its lab, its probes and a fault, ms. */
const LATEST_MS = 30_000;

test('a run that is killed at any instant leaves nothing beyond its deadlines', async ({}, info) => {
  const kills = samples(2, 20);
  test.setTimeout(kills * WHOLE_RUNS_MS);
  await using leaves = await bringUpTwoLeaves();
  const random = dice(info.workerIndex + Date.now());
  for (let kill = 0; kill < kills; kill++) {
    const { hit, wrong } = await runKillRound(leaves, random() * LATEST_MS);
    expect(wrong, JSON.stringify(hit)).toEqual([]);
  }
});
