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

test('a folder that was made is discarded with all that is in it, and nothing else', ({ folder }) => {
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

test("another run's folder beside it stays, and so do the folders above both", ({ folder }) => {
  const run = makeRunFolder(join(folder, 'nightly/runs/one'));
  const other = join(folder, 'nightly/runs/two');
  makeRunFolder(other);
  writeFileSync(join(other, 'evidence/plan.json'), '{}');
  run.discard();
  expect(readdirSync(join(folder, 'nightly/runs'))).toEqual(['two']);
  expect(readdirSync(join(other, 'evidence'))).toEqual(['plan.json']);
});

test('of two runs that name one folder, the second is refused and the first loses nothing', ({ folder }) => {
  makeRunFolder(join(folder, 'run'));
  expect(() => makeRunFolder(join(folder, 'run'))).toThrow(`${join(folder, 'run')} already holds a run`);
  expect(readdirSync(join(folder, 'run'))).toEqual(['evidence']);
});

test('a file, and a place where nothing can be made, are refused', ({ folder }) => {
  writeFileSync(join(folder, 'file'), '');
  for (const place of [join(folder, 'file/run'), '/proc/everyleaf/run']) {
    expect(() => makeRunFolder(place)).toThrow(UserError);
    expect(() => makeRunFolder(place)).toThrow(`${place} cannot be written: `);
    expect(existsSync(place)).toBe(false);
  }
  expect(() => makeRunFolder(join(folder, 'file'))).toThrow(`${join(folder, 'file')} is a file`);
});
