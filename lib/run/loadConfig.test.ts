import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { BUILT_IN_SCENARIOS, BUILT_IN_TOPOLOGIES } from '../builtIn.js';
import { DEFAULTS } from '../defaults.js';
import { UserError } from '../userError.js';
import { defaultPlan } from './defaultPlan.js';
import { importModule } from './importModule.js';
import { findConfig, loadWorkspace } from './loadConfig.js';
import { scenarioRoots, sourceName, suitesOf, topologyFolders, WITHOUT_CONFIG, type Workspace } from './workspace.js';

const OURS = `{
  name: 'ours',
  description: 'Ours.',
  on: 'any',
  profile: { name: 'all', title: 'All', source: 'here', duties: {}, deadLegMustBeSilent: true },
  install: () => Promise.reject(new Error('not here')),
}`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function load(folder: string): Promise<Workspace> {
  return loadWorkspace(findConfig(folder), importModule);
}

/** What is said of a config with this text, without the folder. */
async function said(folder: string, name: string, text: string): Promise<string> {
  write(folder, { [name]: text });
  try {
    await load(folder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(2);
    return `${error.message}${error.hint === null ? '' : ` (${error.hint})`}`.replaceAll(
      new RegExp(`(${folder}|${relative(process.cwd(), folder)})/`, 'g'),
      '',
    );
  }
  return 'nothing';
}

test('without a config there is what is built in', async ({}, info) => {
  expect(await load(info.outputDir)).toBe(WITHOUT_CONFIG);
  expect(scenarioRoots(WITHOUT_CONFIG, [])).toEqual([{ folder: BUILT_IN_SCENARIOS, suites: null }]);
  expect(scenarioRoots(WITHOUT_CONFIG, ['faults'])).toEqual([{ folder: BUILT_IN_SCENARIOS, suites: ['faults'] }]);
  expect(defaultPlan(WITHOUT_CONFIG)).toMatchObject({
    testbed: 'netns',
    dataPlane: 'ovs-bond',
    replicator: 'ovs-group',
    controlMode: 'balance-tcp',
    topologyFile: join(BUILT_IN_TOPOLOGIES, 'dual-leaf.yaml'),
  });
});

for (const [ending, typed] of [
  ['ts', ': string'],
  ['mts', ': string'],
  ['js', ''],
  ['mjs', ''],
])
  test(`a config in ${ending} brings its own, relative to itself, and what it brings comes first`, async ({}, info) => {
    const folder = info.outputDir;
    write(folder, {
      [`everyleaf.config.${ending}`]: `import { ours } from './ours.js';
const scenarios${typed} = './scenarios';
export default { scenarios, topologies: 'wirings', out: '../runs', replicators: [ours, './daemon.yaml'], profiles: ['table.yaml'] };`,
      [`ours.${typed === '' ? 'js' : 'ts'}`]: `export const ours = ${OURS};`,
      'daemon.yaml': 'name: daemon\ndescription: D.\nprofile: table\nargv: ["true"]\nreadyLine: x\n',
      'table.yaml': 'name: table\ntitle: T\nsource: here\n',
      'scenarios/faults/a.spec.ts': '',
      'scenarios/own/b.spec.ts': '',
      'wirings/one.yaml': '',
    });
    const workspace = await load(folder);
    const { scenarios, topologies, out, registries } = workspace;
    expect({ scenarios, topologies, out }).toEqual({
      scenarios: join(folder, 'scenarios'),
      topologies: join(folder, 'wirings'),
      out: join(folder, '../runs'),
    });
    expect(registries.replicators.map(({ name }) => name)).toEqual([
      'ours',
      'daemon',
      ...DEFAULTS.replicators.map(({ name }) => name),
    ]);
    expect(registries.replicators[1]?.profile.name).toBe('table');
    expect(defaultPlan(workspace)).toMatchObject({
      replicator: 'ours',
      topologyFile: join(folder, 'wirings/one.yaml'),
      configFile: join(folder, `everyleaf.config.${ending}`),
    });
    // Of two suites with one name one's own is meant.
    expect(suitesOf(workspace)).toEqual(expect.arrayContaining(['own', 'faults', 'replication']));
    expect(scenarioRoots(workspace, [])).toEqual([{ folder: scenarios, suites: null }]);
    expect(scenarioRoots(workspace, ['faults', 'tables'])).toEqual([
      { folder: scenarios, suites: ['faults'] },
      { folder: BUILT_IN_SCENARIOS, suites: ['tables'] },
    ]);
    const own = join(folder, 'scenarios/own/b.spec.ts');
    const builtIn = join(BUILT_IN_SCENARIOS, 'tables/fabric.spec.ts');
    expect(sourceName(workspace, own)).toBe('scenarios/own/b.spec.ts');
    expect(sourceName(workspace, builtIn)).toBe('everyleaf/scenarios/tables/fabric.spec.ts');
    expect(topologyFolders(workspace, own)).toEqual([topologies, BUILT_IN_TOPOLOGIES]);
    expect(topologyFolders(workspace, builtIn)).toEqual([BUILT_IN_TOPOLOGIES]);
  });

test('built-in scenarios come along where the config wants them, or has none of its own', async ({}, info) => {
  const rootsOf = async (text: string) => {
    // What was loaded once is not loaded again: each has a name of its own.
    const folder = join(info.outputDir, String(text.length));
    write(folder, { 'everyleaf.config.mjs': text, 'scenarios/a.spec.ts': '' });
    return scenarioRoots(await load(folder), []).map((root) => ({ ...root, folder: relative(folder, root.folder) }));
  };
  expect(await rootsOf('export default {};')).toEqual([
    { folder: expect.stringMatching(/^\.\..*scenarios$/), suites: null },
  ]);
  expect(await rootsOf("export default { scenarios: 'scenarios', builtInScenarios: ['tables'] };")).toEqual([
    { folder: 'scenarios', suites: null },
    { folder: expect.stringMatching(/^\.\..*scenarios$/), suites: ['tables'] },
  ]);
});

for (const [what, text, says] of [
  [
    'has no default export',
    'export const config = {};',
    ':1: it has no default export (write: export default defineConfig({ ... }))',
  ],
  [
    'exports no object',
    'export default 3;',
    ':1: its default export is no object (write: export default defineConfig({ ... }))',
  ],
  [
    'has an unknown key',
    'export default {\n  scenario: "./x" };',
    ':2: unknown key "scenario"; did you mean "scenarios"?',
  ],
  [
    'names a folder that is not there',
    'export default {\n\n  scenarios: "./x" };',
    ':3: scenarios: there is no folder x',
  ],
  [
    'names a file that is not there',
    'export default { profiles: ["x.yaml"] };',
    ':1: profile x.yaml cannot be read: there is no such file',
  ],
  [
    'names a suite that is not built in',
    'export default { builtInScenarios: ["replicaton"] };',
    ':1: there is no built-in suite "replicaton"; did you mean "replication"?',
  ],
  [
    'says what is no choice',
    'export default { builtInScenarios: "all" };',
    ':1: builtInScenarios: true, false, or a list of built-in suites, is needed',
  ],
  [
    'forgot a function',
    'export default { replicators: [{ name: "ours", description: "", profile: {} }] };',
    ':1: replicators.0.install: a function is needed',
  ],
  [
    'does not say for which data planes its replicator is made',
    `export default {\n replicators: [{ ...${OURS}, on: undefined }] };`,
    ":2: replicators.0.on: 'any', or a list of kinds of data planes, is needed",
  ],
  [
    'says of a fault what no bond does',
    `export default {\n faults: [{ name: 'f', undoName: 'g', title: 't', plan() {}, effects() {}, bond: 'sleeps', waitsFor: 'nothing', defaults: {} }] };`,
    ':2: faults.0.bond: ',
  ],
  [
    'has a name that is none',
    `export default {\n replicators: [{ ...${OURS}, name: "Our own" }] };`,
    ':2: replicators.0.name: lower-case letters, digits and hyphens',
  ],
  [
    'calls its own like a built-in one',
    `export default {\n replicators: [{ ...${OURS}, name: "ovs-group" }] };`,
    ':2: the replicator "ovs-group" has the name of a built-in replicator (give it another name)',
  ],
  [
    'calls a replicator like a mutant',
    `export default {\n replicators: [{ ...${OURS}, name: "off" }] };`,
    ':2: the replicator "off" has the name of a built-in mutant (give it another name)',
  ],
  [
    'calls two alike',
    `export default {\n replicators: [${OURS}, ${OURS}] };`,
    ':2: two are called "ours" (give each replicator a name of its own)',
  ],
  ['imports what is not there', 'import "./nowhere.js";\nexport default {};', 'nowhere.js'],
  ['throws', 'const x = 1;\nthrow new Error("no such rack");', ':2: it cannot be loaded: no such rack'],
  ['is no JavaScript', 'export default {', 'it cannot be loaded: '],
] as const)
  test(`a config that ${what} gets one sentence with file and line`, async ({}, info) => {
    for (const name of ['everyleaf.config.ts', 'everyleaf.config.mjs']) {
      const answer = await said(join(info.outputDir, name), name, text);
      expect(answer).toContain(says.startsWith(':') ? `${name}${says}` : says);
      expect(answer).toMatch(new RegExp(`^${name}:\\d+: `));
    }
  });

test('two configs in one folder are one too many', async ({}, info) => {
  write(info.outputDir, { 'everyleaf.config.mjs': 'export default {};' });
  expect(await said(info.outputDir, 'everyleaf.config.ts', 'export default {};')).toContain(
    'has two configs, everyleaf.config.ts and everyleaf.config.mjs (keep one of them)',
  );
});

test('of several topologies one has to be chosen, unless one has the usual name', async ({}, info) => {
  const folder = info.outputDir;
  write(folder, {
    'everyleaf.config.mjs': 'export default { topologies: "." };',
    'a.yaml': '',
    'b.yaml': '',
  });
  const workspace = await load(folder);
  expect(() => defaultPlan(workspace)).toThrow('has 2 topologies');
  write(folder, { 'dual-leaf.yaml': '' });
  expect(defaultPlan(workspace).topologyFile).toBe(join(folder, 'dual-leaf.yaml'));
});
