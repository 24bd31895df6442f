import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/foreignFolder.js';

const CONFIG = `import { defineConfig } from 'everyleaf';
export default defineConfig({ scenarios: './scenarios', topologies: './topologies', out: './reports' });
`;

const scenarioWith = (setup: string) => `import { scenario } from 'everyleaf';

scenario('ours', ${setup}, async (trial) => {
  await trial.judge();
});
`;

const GOOD = scenarioWith("{ catches: ['off'] }");

for (const [what, setup, says] of [
  ['a mutant', "{ catches: ['offf'] }", ':3: "ours" names the mutant or tamper "offf"; did you mean "off"?'],
  [
    'an effect of a mutant',
    "{ catches: [], shows: { never: ['missing'] } }",
    ':3: "ours" names the mutant or tamper "never"; known: off,',
  ],
  [
    'a topology',
    "{ catches: [], topology: 'three-leaf.yaml' }",
    ':3: "ours" names the topology three-leaf.yaml, which is not in ',
  ],
  ['a need', "{ catches: [], needs: ['lacpp'] }", ':3: "ours" names the need "lacpp"; did you mean "lacp"?'],
  ['a fault', "{ catches: [], faults: ['unplg'] }", ':3: "ours" names the fault "unplg"; did you mean "unplug"?'],
] as const)
  test(`a scenario that names ${what} that is not there is told with its line, and nothing is run`, async ({
    folder,
  }) => {
    folder.write({
      'everyleaf.config.ts': CONFIG,
      'topologies/ours.yaml': 'name: ours\n',
      'scenarios/good.spec.ts': GOOD,
      'scenarios/bad.spec.ts': scenarioWith(setup),
    });
    const topology = ['--topology', join(process.cwd(), 'topologies/dual-leaf.yaml')];
    const { code, stdout, stderr } = await folder.everyleaf('run', ...topology);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`everyleaf: scenarios/bad.spec.ts${says}`);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(existsSync(join(folder.path, 'reports'))).toBe(false);
  });

test('what is chosen and not there is told before the runner starts', async ({ folder }) => {
  folder.write({
    'everyleaf.config.ts': CONFIG,
    'scenarios/own/good.spec.ts': GOOD,
    'topologies/ours.yaml': 'name: x\n',
  });
  for (const [args, says] of [
    [['--replicator', 'our'], 'unknown replicator "our"; known: ovs-group, none'],
    [['--testbed', 'netn'], 'unknown testbed "netn"; did you mean "netns"?'],
    [['--data-plane', 'ovs-bnd'], 'unknown data plane "ovs-bnd"; did you mean "ovs-bond"?'],
    [['--mode', 'balance-tcpp'], 'unknown mode of ovs-bond "balance-tcpp"; did you mean "balance-tcp"?'],
    [['--suite', 'owm'], 'unknown suite "owm"; did you mean "own"?'],
    [['--config', 'theirs.ts'], 'there is no config theirs.ts'],
    [[], `${join('topologies', 'ours.yaml')}:1:1: `],
  ] as const) {
    const { code, stdout, stderr } = await folder.everyleaf('run', ...args);
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(existsSync(join(folder.path, 'reports'))).toBe(false);
  }
});
