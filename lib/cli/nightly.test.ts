import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { unpackGoldenPart } from '../evidence/testing/goldenPart.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { nightExit, takeNight } from './nightOfRun.js';
import { runCommandLine } from './program.js';

const test = base.extend<{ inFolder: (...names: readonly string[]) => string }>({
  inFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-nightly-'));
    await use((...names) => join(folder, ...names));
    rmSync(folder, { recursive: true });
  },
});

const lines = (history: string) => readFileSync(join(history, 'netns.jsonl'), 'utf8').trimEnd().split('\n');

test('a run that was made already is appended once, and its evidence may not change', async ({ inFolder }) => {
  const [evidence, history] = [inFolder('evidence'), inFolder('history')];
  unpackGoldenPart(evidence, { replicator: 'ovs-group' });
  const first = spawnSync(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'nightly', '--history', history, '--of', evidence],
    { encoding: 'utf8' },
  );
  expect(first.status, first.stderr).toBe(0);
  expect(first.stdout).toContain('No night of this history came before this one.');
  expect(first.stdout).toContain('brings nothing new');
  expect(lines(history)).toHaveLength(1);
  // Evidence in the folder of a run, which gets its pages.
  mkdirSync(inFolder('runner'));
  const { night, comparison } = await takeNight(evidence, { folder: history, known: [] });
  expect(nightExit(night, comparison)).toBe(0);
  expect(comparison.notes[0]).toContain('nothing was appended');
  expect(lines(history)).toHaveLength(1);
  for (const file of ['index.html', 'history.html']) expect(existsSync(inFolder(file)), file).toBe(true);
  appendFileSync(join(evidence, 'tests.json'), ' ');
  const edited = takeNight(evidence, { folder: history, known: [] });
  await expect(edited).rejects.toThrow('is in the history with other evidence');
  await expect(edited).rejects.toMatchObject({ exitCode: 2 });
  expect(lines(history)).toHaveLength(1);
});

test('a night whose replicator does nothing says what is new, when it last passed, and what has changed since', async ({
  inFolder,
}) => {
  const [first, second, history] = [inFolder('1/evidence'), inFolder('2/evidence'), inFolder('history')];
  unpackGoldenPart(first, { replicator: 'ovs-group', plan: { run: 'first', startedAt: '2026-11-01T02:00:00.000Z' } });
  unpackGoldenPart(second, { replicator: 'off', plan: { run: 'second', startedAt: '2026-11-02T02:00:00.000Z' } });
  mkdirSync(inFolder('2/runner'));
  await takeNight(first, { folder: history, known: [] });
  const { night, comparison } = await takeNight(second, { folder: history, known: [] });
  expect(nightExit(night, comparison)).toBe(1);
  const [found] = comparison.items.filter(({ word }) => word === 'new failure');
  expect(found?.sentence).toMatch(/It last passed in run first.*; changed since: .*replicator: ovs-group -> off/);
  expect(lines(history)).toHaveLength(2);
  for (const file of ['index.html', 'junit.xml', 'history.html'])
    expect(existsSync(inFolder('2', file)), file).toBe(true);
  expect(readFileSync(inFolder('2/junit.xml'), 'utf8')).toMatch(
    /<property name="everyleaf\.night: every ARP form [^"]*" value="new failure"\/>/,
  );
});

test('bad input is one sentence and exit 2, and nothing is appended', async ({ inFolder }) => {
  const [evidence, history, bad] = [inFolder('evidence'), inFolder('history'), inFolder('bad.yaml')];
  unpackGoldenPart(evidence, { replicator: 'ovs-group' });
  writeFileSync(bad, '- test: 1\n');
  for (const [args, said] of [
    [['--of', inFolder('nowhere')], 'nowhere is no run: it has no plan.json'],
    [['--of', evidence, '--all'], '--all does not apply to a run that was made already'],
    [['--of', evidence, '--known', 'none.yaml'], 'known failures none.yaml: there is no such file'],
    [['--of', evidence, '--known', bad], 'bad.yaml:1:9: [0].test is 1, not a text'],
    [['--of', evidence, '--history', bad], 'bad.yaml is a file'],
  ] as const) {
    let told = '';
    const write = (text: string) => void (told += text);
    expect(await runCommandLine(['nightly', '--history', history, ...args], { write }), told).toBe(2);
    expect(told).toContain(said);
  }
  expect(existsSync(history)).toBe(false);
  // A history that a later version wrote is neither read nor appended to.
  mkdirSync(history);
  writeFileSync(join(history, 'netns.jsonl'), '{"v":2,"run":"x"}\n');
  let told = '';
  const write = (text: string) => void (told += text);
  expect(await runCommandLine(['nightly', '--history', history, '--of', evidence], { write })).toBe(2);
  expect(told).toContain('netns.jsonl:1: it has schema 2; this everyleaf reads 1');
  expect(lines(history)).toEqual(['{"v":2,"run":"x"}']);
});
