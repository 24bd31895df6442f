import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunReport } from '../../run/result.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';

test.skip(!ARE_ASKED, notTested('bonds of kernels in guests'));
/** Builds the guest the first time. */
const LONGEST_MS = 600_000;
test.setTimeout(LONGEST_MS);
// Each takes the guests of a run.
test.describe.configure({ mode: 'default' });

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'everyleaf-kernel-bond-'))));
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...options: readonly string[]): RunReport {
  const out = join(folder, 'run');
  const what = ['--testbed', 'vm', '--data-plane', 'kernel-bond', '--scenario', 'every ARP form', '--controls', 'none'];
  const argv = ['lib/bootstrap/everyleaf.mjs', 'run', ...what, '--out', out, ...options];
  const { stderr } = spawnSync('node', argv, { cwd: PACKAGE_ROOT, encoding: 'utf8', timeout: LONGEST_MS });
  expect(stderr).not.toContain('unexpected');
  return JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport;
}

test('the newest kernel copies every ARP form to every leaf by its option, and without it to one', () => {
  const on = run('--replicator', 'broadcast-neighbor', '--mode', '802.3ad');
  expect(on.experiments.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(on.environment['kernel']).toContain('in a guest');
  rmSync(join(folder, 'run'), { recursive: true });
  const [off] = run('--replicator', 'none', '--mode', '802.3ad').experiments;
  expect(off?.verdict).toBe('fail');
  expect(new Set(off?.judgement?.findings.map(({ signature }) => signature))).toEqual(new Set(['missing']));
});

test('where leaves are bridges and bonds of the kernel the verdicts are the same', () => {
  const leaves = ['--topology', 'topologies/linux-leaves.yaml', '--mode', '802.3ad'];
  const on = run(...leaves, '--replicator', 'broadcast-neighbor', '--scenario', 'moves in from another host');
  expect(on.experiments.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  rmSync(join(folder, 'run'), { recursive: true });
  const off = run(...leaves, '--replicator', 'none').experiments;
  expect(off.map(({ verdict }) => verdict)).toEqual(['fail']);
});

test('a kernel without the option is unsupported, although ip takes it', () => {
  const { experiments, skips } = run('--replicator', 'broadcast-neighbor', '--mode', '802.3ad', '--kernel', '6.12');
  expect(experiments.map(({ verdict }) => verdict)).toEqual(['skipped']);
  const what = expect.stringContaining('unsupported by kernel 6.12');
  expect(skips).toMatchObject([{ what, output: expect.stringContaining('setting it ended with code 0') }]);
});

test('in each mode without a replicator a neighbor frame is on one leaf; in broadcast on each, and so is data', () => {
  const { experiments } = run('--replicator', 'none', '--scenario', 'data goes out once');
  const told = Object.fromEntries(
    experiments.map(({ plane, scenario, verdict, judgement }) => {
      const wrong = judgement?.findings.filter((finding) => finding.verdict === 'fail') ?? [];
      const why = [...new Set(wrong.map(({ signature }) => signature))].sort().join(', ');
      return [`${plane?.variant ?? ''}: ${scenario.slice(0, 5)}`, why === '' ? verdict : `${verdict}: ${why}`];
    }),
  );
  const hashed = ['802.3ad', '802.3ad-layer2', 'balance-xor', 'balance-xor-layer2', 'active-backup', 'balance-rr'];
  expect(told).toEqual({
    ...Object.fromEntries(
      hashed.flatMap((mode) => [
        [`${mode}: every`, 'fail: missing'],
        [`${mode}: data `, 'pass'],
      ]),
    ),
    'broadcast: every': 'pass',
    'broadcast: data ': 'fail: data-replicated',
  });
});

test('a mode without LACP refuses the option, and the trial is skipped with what the kernel says', () => {
  const { experiments, skips } = run('--replicator', 'broadcast-neighbor', '--mode', 'balance-xor');
  expect(experiments.map(({ verdict }) => verdict)).toEqual(['skipped']);
  expect(skips).toMatchObject([
    {
      what: expect.stringContaining('in mode balance-xor (kernel '),
      output: '"broadcast_neighbor" is off; setting it ended with code 2: Error: option not supported in mode.',
    },
  ]);
});
