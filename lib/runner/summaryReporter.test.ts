import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@playwright/test';
import { execa } from 'execa';

import { summaryLine, tally } from './summaryReporter.js';
import type { CountedTest } from './summaryReporter.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a suite of one file in a folder of its own, as `npm test` would. */
async function runSuite(
  source: string,
  ...args: readonly string[]
): Promise<{ lastLine: string; code: number | undefined; skips: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'everyleaf-summary-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(
      join(folder, 'playwright.config.ts'),
      `export default { testDir: '.', testMatch: '*.test.ts', workers: 1, timeout: 0 };`,
    );
    await writeFile(join(folder, 'sample.test.ts'), `import { test, expect } from '@playwright/test';\n${source}`);
    const argv = [
      join(ROOT, 'node_modules/@playwright/test/cli.js'),
      'test',
      `--reporter=dot,${join(ROOT, 'lib/runner/summaryReporter.ts')}`,
      ...args,
    ];
    // The variables by which the outer runner talks to its own workers must not reach the inner one.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(PW|PLAYWRIGHT|TEST_)/.test(name)),
    );
    const { stdout, exitCode } = await execa(process.execPath, argv, {
      cwd: folder,
      env,
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
    });
    const lines = stdout.slice(0, -1).split('\n');
    return { lastLine: lines.at(-1) ?? '', code: exitCode, skips: lines.filter((line) => line.includes(' skipped: ')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('the last line of a run counts passed, failed and skipped; a pass at the second try is a failure', async () => {
  const result = await runSuite(
    `
    test('good', () => {});
    test('bad', () => { expect(1).toBe(2); });
    test('flaky', ({}, info) => { expect(info.retry).toBe(1); });
    test('not here', () => { test.skip(true, 'lacks something'); });
    test('nor this', () => { test.skip(true, 'lacks something'); });
    test.describe('declared', () => {
      test.skip(true, 'set A=1');
      test('not now', () => {});
    });
    test.skip('never', () => {});`,
    '--retries=1',
  );
  expect(result).toEqual({
    lastLine: '1 passed, 2 failed, 4 skipped',
    code: 1,
    skips: ['2 skipped: lacks something', '1 skipped: set A=1', '1 skipped: no reason was given'],
  });
});

test('a run in which every test passed says so and exits 0', async () => {
  expect(await runSuite(`test('good', () => {});`)).toMatchObject({ lastLine: '1 passed, 0 failed', code: 0 });
});

test('a run without any test is a failure, even where the runner was told to accept it', async () => {
  expect(await runSuite('', '--pass-with-no-tests')).toMatchObject({ lastLine: '0 passed, 1 failed', code: 1 });
});

test('a file that does not load is a failure', async () => {
  expect(await runSuite(`throw new Error('broken file');`)).toMatchObject({ lastLine: '0 passed, 1 failed', code: 1 });
});

const good: CountedTest = { expectedStatus: 'passed', outcome: () => 'expected' };
const flaky: CountedTest = { expectedStatus: 'passed', outcome: () => 'flaky' };
const cutOff: CountedTest = { expectedStatus: 'passed', outcome: () => 'skipped' };
const skipped: CountedTest = { expectedStatus: 'skipped', outcome: () => 'skipped' };

for (const [what, tests, line] of [
  ['a test that was cut off before it ended is failed, not skipped', [good, cutOff], '1 passed, 1 failed'],
  ['a flaky test is failed', [flaky, flaky], '0 passed, 2 failed'],
  ['a run in which everything was skipped proved nothing', [skipped, skipped], '0 passed, 1 failed, 2 skipped'],
  ['a skip beside a pass is only counted', [good, skipped], '1 passed, 0 failed, 1 skipped'],
] as const) {
  test(what, () => {
    expect(summaryLine(tally(tests, false))).toBe(line);
  });
}
