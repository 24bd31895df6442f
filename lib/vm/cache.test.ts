import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cachedPart, cacheFolder, partKey } from './cache.js';

const quiet = () => undefined;
const BEFORE = process.env['XDG_CACHE_HOME'];
let home = '';

test.beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'everyleaf-cache-'));
  process.env['XDG_CACHE_HOME'] = home;
});
test.afterEach(() => {
  if (BEFORE === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = BEFORE;
  rmSync(home, { recursive: true });
});

test('a part is made once, also by two who want it at the same time', async () => {
  let made = 0;
  const make = (folder: string) => {
    made++;
    writeFileSync(join(folder, 'content'), 'whole');
    return Promise.resolve();
  };
  const folders = await Promise.all([1, 2].map(() => cachedPart('kernel', { release: '1' }, make, quiet)));
  expect(made).toBe(1);
  expect(new Set(folders).size).toBe(1);
});

test('what is left of a build that was killed is made anew', async () => {
  const folder = join(cacheFolder(), `kernel-${partKey({ kind: 'kernel', release: '1' })}`);
  for (const left of [folder, `${folder}.building`]) {
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'half'), '');
  }
  await cachedPart('kernel', { release: '1' }, () => Promise.resolve(), quiet);
  expect(existsSync(join(folder, 'half'))).toBe(false);
});

test('a build that fails leaves no part', async () => {
  const fail = () => Promise.reject(new Error('no space left'));
  await expect(cachedPart('kernel', { release: '1' }, fail, quiet)).rejects.toThrow('no space left');
  expect(readdirSync(cacheFolder()).filter((name) => !name.endsWith('.lock'))).toEqual([]);
});

test('a part of which a file was cut short is made anew', async () => {
  const make = (folder: string) => {
    writeFileSync(join(folder, 'content'), 'whole');
    return Promise.resolve();
  };
  const folder = await cachedPart('kernel', { release: '1' }, make, quiet);
  for (const damage of [() => writeFileSync(join(folder, 'content'), 'who'), () => rmSync(join(folder, 'content'))]) {
    damage();
    expect(await cachedPart('kernel', { release: '1' }, make, quiet)).toBe(folder);
    expect(readFileSync(join(folder, 'content'), 'utf8')).toBe('whole');
  }
});
