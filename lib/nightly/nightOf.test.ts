import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stableJson } from '../evidence/json.js';
import { failingRun, passingRun } from '../report/testing/sampleRun.js';
import type { MachinesRecord } from '../run/machinesRecord.js';
import type { TestsRecord } from '../run/testRecord.js';
import { nightOf, placeOf, WHOLE_RUN } from './nightOf.js';

const PLAN = {
  run: 'r',
  runFolder: '/somewhere',
  topologyFile: '/x/dual-leaf.yaml',
  replicator: 'ovs-group',
  dataPlane: 'ovs-bond',
  modes: ['balance-tcp', 'balance-slb'],
  controlMode: 'balance-tcp',
  controls: 'declared' as const,
  mutants: [],
  suites: [],
  scenarios: [],
  longest: 'short' as const,
  workers: 2,
  command: 'everyleaf run',
  startedAt: '2026-11-20T18:04:11.000Z',
  environment: { kernel: '6.12' },
  inputs: { commit: 'abc' },
};
const RECORD: TestsRecord = { status: 'passed', durationMs: 1, tests: [], errors: [] };

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-night-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function evidence(record: Partial<TestsRecord> = {}, machines?: MachinesRecord, plan: object = {}): string {
  writeFileSync(join(folder, 'plan.json'), stableJson({ ...PLAN, ...plan }));
  writeFileSync(join(folder, 'tests.json'), stableJson({ ...RECORD, ...record }));
  if (machines !== undefined) writeFileSync(join(folder, 'machines.json'), stableJson(machines));
  return folder;
}

test('each experiment, control and proof is a test; what fails has its findings without figures', () => {
  const { tests, inputs } = nightOf(failingRun().run, evidence());
  expect(inputs).toEqual({ kernel: '6.12', commit: 'abc', replicator: 'none' });
  expect(tests['mutant stale-liveness is caught']).toMatchObject({ verdict: 'fail', signatures: ['control.survived'] });
  expect(tests['mutant off is caught']).toMatchObject({ verdict: 'pass', signatures: [] });
  const [, arp] = Object.entries(tests).find(([name]) => name.startsWith('every ARP frame')) ?? [];
  expect(arp?.verdict).toBe('fail');
  expect(arp?.signatures).toContainEqual(expect.stringMatching(/^P\d+\.missing@leaf-[ab]:arp-/));
  for (const { verdict, signatures } of Object.values(tests))
    if (verdict !== 'pass' && verdict !== 'skipped') expect(signatures.length).toBeGreaterThan(0);
});

test('what speaks against the run as a whole is a test of its own', () => {
  const { run } = passingRun();
  const whole = (...of: Parameters<typeof evidence>) => nightOf(run, evidence(...of)).tests[WHOLE_RUN];
  expect(whole()).toMatchObject({ verdict: 'pass' });
  expect(whole({ errors: ['worker 3 died\nstack'] })).toMatchObject({
    verdict: 'blocked',
    signatures: ['blocked: worker # died'],
  });
  const left: MachinesRecord = { status: 'given back', repaired: [], differs: ['leg-a is down'], error: null };
  expect(whole({}, left)).toMatchObject({ verdict: 'blocked' });
  const allPass = run.experiments.filter(({ verdict, intent }) => verdict === 'pass' && intent.type === 'qualify');
  const none = { scenarios: [], mutants: [], tampers: [], survivors: [], undecided: [], unproven: [] };
  const blocked = { ...run, verdict: 'blocked' as const, experiments: allPass, controls: none, reasons: ['why'] };
  rmSync(join(folder, 'machines.json'));
  expect(nightOf(blocked, evidence()).tests[WHOLE_RUN]).toMatchObject({
    verdict: 'blocked',
    signatures: ['blocked: why'],
  });
});

test('a run that was cut short is no night', () => {
  for (const status of ['interrupted', 'running'] as const)
    expect(() => nightOf(passingRun().run, evidence({ status }))).toThrow(/was cut short, and is no night/);
});

test('only runs that were asked for the same are compared; where and by how many workers does not count', () => {
  const { run } = passingRun();
  const plan = (change: object) => nightOf(run, evidence({}, undefined, change)).plan;
  expect(plan({ runFolder: '/elsewhere', workers: 1, modes: ['balance-slb', 'balance-tcp'] })).toBe(plan({}));
  expect(plan({ suites: ['faults'] })).not.toBe(plan({}));
  expect(plan({ controls: 'tampers' })).not.toBe(plan({}));
});

test('a history belongs to a binding, else to a testbed', () => {
  expect(placeOf({ ...PLAN, bindingFile: '/etc/rack-12.yaml', testbed: 'ssh' })).toBe('rack-12');
  expect(placeOf({ ...PLAN, testbed: 'netns' })).toBe('netns');
});
