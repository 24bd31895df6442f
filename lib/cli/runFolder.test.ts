import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { UserError } from '../userError.js';
import { makeRunFolder } from './runFolder.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-out-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

test('what was made is discarded with all that came into it, and nothing else', ({ folder }) => {
  const run = makeRunFolder(join(folder, 'some', 'where', 'run'));
  writeFileSync(join(folder, 'some/where/run/file'), '');
  run.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test('what was there stays', ({ folder }) => {
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine/notes'), '');
  makeRunFolder(join(folder, 'mine')).discard();
  makeRunFolder(join(folder, 'mine/run')).discard();
  expect(readdirSync(join(folder, 'mine'))).toEqual(['notes']);
});

test('a file, and a place where nothing can be made, are refused', ({ folder }) => {
  writeFileSync(join(folder, 'file'), '');
  for (const place of [join(folder, 'file/run'), '/proc/everyleaf/run']) {
    expect(() => makeRunFolder(place)).toThrow(UserError);
    expect(() => makeRunFolder(place)).toThrow(`${place} cannot be the folder of a run: `);
    expect(existsSync(place)).toBe(false);
  }
});
