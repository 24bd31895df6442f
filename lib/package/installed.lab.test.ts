import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { RunSummary } from '../report/json.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';
import { isDrawn, NOT_DRAWN } from '../testing/samples.js';
import { codeBlocks } from './testing/codeBlocks.js';
import { FOREIGN, test } from './testing/installed.js';

// One after the other in one process: what is installed is shared.
test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });

const SCENARIO = 'every neighbor frame reaches every leaf, also when a leaf has dropped big frames';

test('a folder that has only the tarball has the command, and doors to import', async ({ installed }) => {
  for (const never of ['typescript', 'allure', 'raw-socket', 'execa', 'eslint'])
    expect(installed.packages).not.toContain(never);
  expect(installed.packages).toContain('@playwright/test');
  // Seven of them are ssh2 and what it needs, four what serves figures.
  expect(installed.packages.length).toBeLessThan(29);
  const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(await installed.run('npx', 'everyleaf', '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  const allure = await installed.run('npx', 'everyleaf', 'run', '--allure');
  expect(allure).toMatchObject({ code: 69, stdout: '' });
  expect(allure.stderr).toContain('npm install --save-dev allure allure-playwright');
  for (const [door, names] of [
    ['everyleaf', ['defineConfig', 'expect', 'scenario']],
    ['everyleaf/extend', ['LackError', 'bringUpLeaves', 'lacking', 'matcherResult', 'offer']],
    ['everyleaf/judge', ['createCaptureParser', 'judge', 'judgeFeeds']],
    ['everyleaf/playwright', ['playwrightConfig']],
  ] as const) {
    const script = `console.log(Object.keys(await import('${door}')).sort().join(' '))`;
    const { stdout, stderr } = await installed.run(process.execPath, '--input-type=module', '-e', script);
    expect(stdout.trim().split(' '), `${door}: ${stderr}`).toEqual(expect.arrayContaining([...names]));
  }
});

test("somebody else's package needs no cast, and the compiler takes it with the library's types", async ({
  installed,
}) => {
  const files = readdirSync(FOREIGN, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files).toContain('scenarios/neighbors.spec.ts');
  const casts = files.filter((file) =>
    /@ts-|\bany\b|\bas\s+(?!const\b)[A-Za-z{[(]|<any>|!\./.test(
      readFileSync(join(FOREIGN, file), 'utf8').replaceAll(/'[^'\n]*'|\/\/.*|\/\*[^]*?\*\//g, ''),
    ),
  );
  expect(casts).toEqual([]);
  expect(readFileSync(join(FOREIGN, 'tsconfig.json'), 'utf8')).not.toContain('skipLibCheck');
  expect(await installed.compile()).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('what the documentation shows compiles as it stands', async ({ installed }) => {
  const blocks = codeBlocks(readFileSync(join(PACKAGE_ROOT, 'docs/extending.md'), 'utf8'));
  const loose = blocks.filter(({ file }) => file === null);
  expect(loose.length).toBeGreaterThan(0);
  const files = loose.map(({ text }, index) => ({ path: join(installed.folder, `shown${index}.ts`), text }));
  for (const { path, text } of files) writeFileSync(path, text);
  expect(await installed.compile()).toEqual({ code: 0, stdout: '', stderr: '' });
  for (const { path } of files) rmSync(path);
});

test('their scenario, replicator, fault, profile, mutant and tamper run on their testbed and data plane, and pass', async ({
  installed,
}) => {
  const { code, stdout, stderr } = await installed.run('npx', 'everyleaf', 'run', '--json', '--workers', '1');
  expect(code, stderr + stdout).toBe(0);
  const summary = JSON.parse(stdout) as RunSummary;
  expect(summary).toMatchObject({
    verdict: 'pass',
    testbed: 'jumbo-legs',
    replicator: 'leg-copies',
    profile: 'promises',
    topology: 'two-trunks',
    skips: [],
  });
  expect(new Set(summary.experiments.map(({ dataplane }) => dataplane))).toEqual(new Set(['bridge-legs/one-active']));
  expect(summary.controls.survivors).toEqual([]);
  const caught = Object.entries(summary.controls.table).map(([control, row]) => [control, row[SCENARIO]?.signatures]);
  expect(Object.fromEntries(caught)).toMatchObject({
    'forgets-nd': ['missing'],
    'lose-requests': ['missing'],
    'lose-on-one-leg': ['missing'],
    double: ['duplicate'],
  });
  // Theirs is theirs: reports stand in their folder, and evidence names their files relative to it.
  const runs = readdirSync(join(installed.folder, 'reports'));
  expect(runs).toEqual([summary.run]);
  expect(existsSync(join(installed.folder, 'reports', summary.run, 'index.html'))).toBe(true);
  const outcomes = join(installed.folder, 'reports', summary.run, 'evidence');
  const [first = ''] = readdirSync(outcomes).filter((name) => name.endsWith('--leg-copies'));
  expect(readFileSync(join(outcomes, first, 'outcome.json'), 'utf8')).toContain('"scenarios/neighbors.spec.ts:4"');
  expect(readFileSync(join(outcomes, first, 'evidence.json'), 'utf8')).toContain('"dropping big frames"');
});

test('their broken replicator fails, and the report says what is missing where', async ({ installed }) => {
  test.skip(!isDrawn(0, 2, 1), NOT_DRAWN);
  const broken = ['--replicator', 'arp-alone', '--controls', 'none'];
  const { code, stdout, stderr } = await installed.run('npx', 'everyleaf', 'run', '--json', ...broken);
  expect(code, stderr + stdout).toBe(1);
  const { verdict, reasons } = JSON.parse(stdout) as RunSummary;
  expect(verdict).toBe('fail');
  expect(reasons.join('\n')).toMatch(/leaf-b never saw \d+ of \d+ .* from host/);
});
