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

test('a scenario that names what is not there is told with its line, and nothing is run', async ({ folder }) => {
  folder.write({
    'everyleaf.config.ts': CONFIG,
    'topologies/ours.yaml': 'name: ours\n',
    'scenarios/good.spec.ts': GOOD,
    'scenarios/bad.spec.ts': scenarioWith("{ catches: [], topology: 'three-leaf.yaml' }"),
  });
  const topology = ['--topology', join(process.cwd(), 'topologies/dual-leaf.yaml')];
  const { code, stdout, stderr } = await folder.everyleaf('run', ...topology);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(
    'everyleaf: scenarios/bad.spec.ts:3: "ours" names the topology three-leaf.yaml, which is not in ',
  );
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(existsSync(join(folder.path, 'reports'))).toBe(false);
});

test('a topology that is not well formed is told before the runner starts', async ({ folder }) => {
  folder.write({
    'everyleaf.config.ts': CONFIG,
    'scenarios/own/good.spec.ts': GOOD,
    'topologies/ours.yaml': 'name: x\n',
  });
  const { code, stdout, stderr } = await folder.everyleaf('run');
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`${join('topologies', 'ours.yaml')}:1:1: `);
  expect(existsSync(join(folder.path, 'reports'))).toBe(false);
});

const PLANE = `{
  kind: 'theirs', description: 'Theirs.', variants: ['one'], hostNic: 'br0', bond: null, needs: [], check: () => [],
  traits: () => ({ kind: 'theirs', variant: 'one', lacp: false, spreads: 'no', hears: { unicast: 'active', multicast: 'active' } }),
  bringUp: () => Promise.reject(new Error('nothing is to be brought up')),
}`;

test('a config without default export, or with two of one name, is told, and nothing is run', async ({ folder }) => {
  for (const [text, says] of [
    ['export const config = {};\n', 'everyleaf.config.mjs:1: it has no default export'],
    [`export default {\n  dataPlanes: [${PLANE}, ${PLANE}] };\n`, 'everyleaf.config.mjs:2: two are called "theirs"'],
    ['export default {\n  replicator: [] };\n', 'everyleaf.config.mjs:2: unknown key "replicator"; did you mean'],
  ] as const) {
    folder.write({ 'everyleaf.config.mjs': text });
    const { code, stdout, stderr } = await folder.everyleaf('run');
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^ +at /m);
  }
});
