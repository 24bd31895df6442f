import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';
import { fatesOf, wholeRun } from '../testing/wholeRun.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

const SCENARIO = ['--scenario', 'two hosts behind the same leaves'];
const ON_BRIDGE = ['--data-plane', 'linux-bridge', '--topology', join(PACKAGE_ROOT, 'topologies/flat.yaml')];

test('two hosts with a bond each are heard by every leaf once, and one that sends back what it hears is noticed', async () => {
  const { code, report } = await wholeRun(...SCENARIO);
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(report.experiments.filter(({ intent }) => intent.type === 'qualify').length).toBe(6);
  expect(fatesOf(report.controls)).toEqual([
    'hairpin: caught',
    'lose-on-one-leg: caught',
    'off: caught',
    'reflect: caught',
    'reflects-servers: caught',
    'replicates-what-it-hears: caught',
  ]);
});

test('and so are two bridges of the kernel', async () => {
  const { code, report } = await wholeRun(...SCENARIO, ...ON_BRIDGE, '--replicator', 'nft-dup');
  expect(code, report.reasons.join('\n')).toBe(0);
  expect(report.experiments.filter(({ intent }) => intent.type === 'qualify').length).toBe(4);
  for (const tamper of ['hairpin', 'lose-on-one-leg', 'reflect'])
    expect(fatesOf(report.controls)).toContain(`${tamper}: caught`);
});

test('without a replicator each host is missing on the leaf that its bond did not choose', async () => {
  const { code, report } = await wholeRun(
    ...SCENARIO,
    ...['--mode', 'balance-tcp', '--replicator', 'none', '--controls', 'none'],
  );
  expect(code).toBe(1);
  const findings = report.experiments.flatMap(({ judgement }) => judgement?.findings ?? []);
  const missing = new Set(findings.flatMap(({ signature, sender }) => (signature === 'missing' ? (sender ?? []) : [])));
  expect(missing).toContain('vm1');
  expect(missing).toContain('vm1-2');
});
