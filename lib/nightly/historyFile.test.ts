import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { appendNight, historyFile, readHistory } from './historyFile.js';
import { nightLine } from './night.js';
import { ARP, failed, MISSING, ND, night, PASSED } from './testing/nights.js';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-history-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => historyFile(folder, 'rack-12');
const one = night(1, { [ARP]: PASSED, [ND]: { ...failed(MISSING), notJudged: ['P4@leaf-b'] } });
const two = night(2, { [ARP]: { ...PASSED, notJudged: ['P4@leaf-b'] } });

test('what is appended is read again, in the order of time', () => {
  appendNight(folder, 'rack-12', two);
  appendNight(folder, 'rack-12', one);
  expect(readHistory(file())).toEqual({ nights: [one, two], torn: [] });
  expect(readHistory(historyFile(folder, 'rack-13'))).toEqual({ nights: [], torn: [] });
});

/** In a process of its own: says that it is ready, waits for a byte, and appends nights one after the other. */
const APPENDER = `
const [, module, folder, nights] = process.argv;
const { appendNight } = await import(module);
process.stdin.once('data', () => {
  process.stdin.pause();
  for (const night of JSON.parse(nights)) appendNight(folder, 'rack-12', night);
});
process.stdout.write('ready');
`;

test('nights that end at once lose no line', async () => {
  const module = pathToFileURL(join(PACKAGE_ROOT, 'dist/lib/nightly/historyFile.js')).href;
  const each = 60;
  const children = [0, 1, 2].map((child) => {
    const nights = Array.from({ length: each }, (_, i) => ({ ...one, run: `run ${child * each + i}` }));
    const args = ['--input-type=module', '-e', APPENDER, module, folder, JSON.stringify(nights)];
    return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  });
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  const ended = Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number | null));
  for (const child of children) child.stdin.end('x');
  expect(await ended).toEqual([0, 0, 0]);
  const { nights } = readHistory(file());
  expect(new Set(nights.map(({ run }) => run)).size).toBe(children.length * each);
});

test('a last line that a crash cut off is left out and said, also when lines follow', () => {
  appendNight(folder, 'rack-12', one);
  appendFileSync(file(), nightLine(night(9, { [ARP]: PASSED })).slice(0, 100));
  expect(readHistory(file())).toEqual({ nights: [one], torn: [`${file()}:2: this line was cut off, and is left out`] });
  appendNight(folder, 'rack-12', two);
  expect(readHistory(file())).toEqual({
    nights: [one, two],
    torn: [`${file()}:2: this line was cut off, and is left out`],
  });
});

test('a whole last line without its line feed is a night, and the next one does not spoil it', () => {
  writeFileSync(file(), nightLine(one).trimEnd());
  expect(readHistory(file()).nights).toEqual([one]);
});

test('a line that is not understood is refused with its place', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{"v":2,"run":"x"}\n', /:2: it has schema 2; this everyleaf reads 1$/],
    ['{"run":"x"}\n', /:2: it has no schema number "v"$/],
    ['nonsense\n', /:2: it is not JSON$/],
    [nightLine(two).replace('"pass",800', '"passed",800'), /:2: .*tests/],
    // Whole, though without its line feed.
    ['{"v":2}', /:2: it has schema 2/],
    [nightLine({ ...one, sentence: 'another' }), /:2: run 20261101-020000-1 is there twice, and differs$/],
  ];
  for (const [line, said] of cases) {
    writeFileSync(file(), `${nightLine(one)}${line}`);
    expect(() => readHistory(file()), line).toThrow(said);
  }
});

test('two copies that are merged by git keep the lines of both', () => {
  const git = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync('git', [
      '-C',
      folder,
      '-c',
      'user.name=n',
      '-c',
      'user.email=n@example.com',
      ...args,
    ]);
    expect(status, String(stderr)).toBe(0);
  };
  appendNight(folder, 'rack-12', one);
  git('init', '-q', '-b', 'history');
  git('add', '.');
  git('commit', '-qm', 'first');
  git('checkout', '-qb', 'other');
  appendNight(folder, 'rack-12', two);
  git('commit', '-qam', 'other');
  git('checkout', '-q', 'history');
  const three = night(3, { [ARP]: PASSED });
  appendNight(folder, 'rack-12', three);
  git('commit', '-qam', 'ours');
  git('merge', '-q', '--no-edit', 'other');
  expect(readHistory(file()).nights).toEqual([one, two, three]);
  expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(4);
});
