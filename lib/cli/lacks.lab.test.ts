import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { RunReport } from '../run/result.js';
import { test } from './testing/foreignFolder.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';
import { isDrawn, NOT_DRAWN } from '../testing/samples.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

const LACKS = `{ what: 'a bridge', command: 'ip link add type bridge', output: 'Error: Unknown device type.' }`;

/** A data plane that this machine lacks, and a testbed that cannot cut a link. */
const CONFIG = `import { defineConfig } from 'everyleaf';
import { lacking, LackError } from '${PACKAGE_ROOT}/dist/lib/testbed/capability.js';
import { DEFAULTS } from '${PACKAGE_ROOT}/dist/lib/defaults.js';

const [netns] = DEFAULTS.testbeds;
const ours = {
  kind: 'ours',
  description: 'Needs what is not there.',
  variants: ['only', 'other'],
  traits: (variant) => ({ kind: 'ours', variant, lacp: false, spreads: 'no', hears: { unicast: 'all', multicast: 'all' } }),
  hostNic: 'eth0',
  bond: null,
  needs: [],
  check: () => [],
  bringUp: () => Promise.reject(new LackError([${LACKS}])),
};
const welded = {
  name: 'welded',
  async open() {
    const testbed = await netns.open();
    return {
      ...testbed,
      async open({ needs = [] }) {
        if (needs.includes('cut')) throw new LackError([{ what: 'a cable that comes out', command: 'pull', output: 'it is welded' }]);
        throw new Error('nobody said what is needed: ' + needs);
      },
    };
  },
};
export default defineConfig({ scenarios: './scenarios', out: './reports', dataPlanes: [ours], testbeds: [welded] });
`;

const SCENARIOS = `import { scenario } from 'everyleaf';

scenario('a lab is enough', { catches: ['lose-on-one-leg'] }, async (trial) => { await trial.judge(); });
scenario('the bond speaks LACP', { catches: ['off'], needs: ['lacp'] }, async (trial) => { await trial.judge(); });
scenario('a cable is out', { catches: ['off'], faults: ['unplug'] }, async (trial) => { await trial.judge(); });
`;

const reportOf = (folder: string): RunReport =>
  JSON.parse(readFileSync(join(folder, 'out/run.json'), 'utf8')) as RunReport;

test('where a machine lacks what the data plane needs, everything is skipped, and that is no pass', async ({
  folder,
}) => {
  test.skip(!isDrawn(0, 2, 1), NOT_DRAWN);
  folder.write({ 'everyleaf.config.ts': CONFIG, 'scenarios/ours.spec.ts': SCENARIOS });
  const run = await folder.everyleaf(
    ...['run', '--testbed', 'netns', '--data-plane', 'ours', '--replicator', 'none', '--out', join(folder.path, 'out')],
  );
  expect(run.code, run.stderr).toBe(4);
  const said = run.stdout.replaceAll(/\s+/g, ' ');
  expect(said).toContain('skipped, for want of a bridge: "ip link add type bridge" said: Error: Unknown device type.');
  expect(said).toContain('Nothing could be tried here, so nothing is known about none');
  expect(said).not.toMatch(/\.js:\d/);
  const report = reportOf(folder.path);
  expect(report.verdict).toBe('skipped');
  const qualified = report.experiments.filter(({ intent }) => intent.type === 'qualify');
  // One line per variant; what no variant of the data plane has is told once.
  expect(qualified.map(({ scenario, dataplane, verdict }) => `${scenario}: ${dataplane}: ${verdict}`).sort()).toEqual([
    'a cable is out: ours/only: skipped',
    'a cable is out: ours/other: skipped',
    'a lab is enough: ours/only: skipped',
    'a lab is enough: ours/other: skipped',
    'the bond speaks LACP: ours/only: skipped',
  ]);
  expect(qualified.find(({ scenario }) => scenario.includes('LACP'))?.reasons).toEqual([
    'It cannot be tried here, without a host that speaks LACP: "everyleaf run --data-plane ours" said: ours/only, ours/other: speaks no LACP',
  ]);
  expect(readFileSync(join(folder.path, 'out/index.html'), 'utf8')).toContain('ip link add type bridge');
});

test('what the faults of a scenario need is asked of the testbed before anything is brought up', async ({ folder }) => {
  test.skip(!isDrawn(1, 2, 1), NOT_DRAWN);
  folder.write({ 'everyleaf.config.ts': CONFIG, 'scenarios/ours.spec.ts': SCENARIOS });
  const run = await folder.everyleaf(
    ...[
      'run',
      '--testbed',
      'welded',
      '--data-plane',
      'ours',
      '--mode',
      'only',
      '--scenario',
      'a cable is out',
      '--controls',
      'none',
    ],
    ...['--replicator', 'none', '--out', join(folder.path, 'out')],
  );
  expect(run.code, run.stdout + run.stderr).toBe(4);
  expect(reportOf(folder.path).experiments[0]).toMatchObject({
    verdict: 'skipped',
    reasons: ['It cannot be tried here, without a cable that comes out: "pull" said: it is welded'],
  });
});
