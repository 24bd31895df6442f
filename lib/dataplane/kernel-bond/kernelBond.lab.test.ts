import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import type { RunReport } from '../../run/result.js';

test.skip(
  process.env['EVERYLEAF_VM'] !== '1',
  'NOT TESTED: bonds of kernels in guests. Set EVERYLEAF_VM=1: the first time it fetches some 300 MB and takes minutes',
);
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
  const on = run('--replicator', 'broadcast-neighbor');
  expect(on.experiments.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(on.environment['kernel']).toContain('in a guest');
  rmSync(join(folder, 'run'), { recursive: true });
  const [off] = run('--replicator', 'none').experiments;
  expect(off?.verdict).toBe('fail');
  expect(new Set(off?.judgement?.findings.map(({ signature }) => signature))).toEqual(new Set(['missing']));
});

test('a kernel without the option is unsupported, although ip takes it', () => {
  const { experiments, skips } = run('--replicator', 'broadcast-neighbor', '--kernel', '6.12');
  expect(experiments.map(({ verdict }) => verdict)).toEqual(['skipped']);
  const what = expect.stringContaining('unsupported by kernel 6.12');
  expect(skips).toMatchObject([{ what, output: expect.stringContaining('setting it ended with code 0') }]);
});
