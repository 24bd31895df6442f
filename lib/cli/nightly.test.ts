import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { unpackGolden } from '../evidence/testing/golden.js';
import { PACKAGE_ROOT } from '../packageRoot.js';

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-nightly-'));
  unpackGolden(folder);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nightly = (...args: readonly string[]) =>
  spawnSync(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'nightly', '--history', 'history', ...args],
    { encoding: 'utf8', cwd: folder },
  );
const lines = () => readFileSync(join(folder, 'history/netns.jsonl'), 'utf8').trimEnd().split('\n');

test('a run that was made already is appended once, and its evidence may not change', () => {
  const first = nightly('--of', 'evidence');
  expect(first.status, first.stderr).toBe(0);
  expect(first.stdout).toContain('There was no history yet: this night is its first line.');
  expect(first.stdout).toContain('brings nothing new');
  expect(lines()).toHaveLength(1);
  // About 6 KB for a default run.
  expect(lines()[0]?.length).toBeLessThan(20_000);
  // Evidence in the folder of a run, which gets its pages.
  mkdirSync(join(folder, 'runner'));
  const again = nightly('--of', 'evidence', '--json');
  expect(again.status).toBe(0);
  expect((JSON.parse(again.stdout) as { notes: readonly string[] }).notes[0]).toContain('nothing was appended');
  expect(lines()).toHaveLength(1);
  for (const file of ['index.html', 'history.html']) expect(existsSync(join(folder, file)), file).toBe(true);
  appendFileSync(join(folder, 'evidence/tests.json'), ' ');
  const edited = nightly('--of', 'evidence');
  expect(edited.status).toBe(2);
  expect(edited.stderr).toContain('is in the history with other evidence');
  expect(lines()).toHaveLength(1);
});

test('bad input is one sentence and exit 2, and nothing is appended', () => {
  writeFileSync(join(folder, 'bad.yaml'), '- test: 1\n');
  writeFileSync(join(folder, 'newer.jsonl'), '');
  for (const [args, said] of [
    [['--of', 'nowhere'], 'nowhere is no run: it has no plan.json'],
    [['--of', 'evidence', '--all'], '--all does not apply to a run that was made already'],
    [['--of', 'evidence', '--known', 'none.yaml'], 'known failures none.yaml: there is no such file'],
    [['--of', 'evidence', '--known', 'bad.yaml'], 'bad.yaml:1:9: [0].test is 1, not a text'],
    [['--of', 'evidence', '--history', 'bad.yaml'], 'bad.yaml is a file'],
  ] as const) {
    const { status, stderr } = nightly(...args);
    expect(status, stderr).toBe(2);
    expect(stderr).toContain(said);
  }
});
