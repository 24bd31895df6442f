import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { keptAnswers } from './answers.js';

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'everyleaf-answers-'))));
test.afterEach(() => rmSync(folder, { recursive: true }));

test('a mirror is asked once, until its lists are read anew', async () => {
  const asked: string[] = [];
  const ask = (answer: string | null) => () => {
    asked.push(String(answer));
    return Promise.resolve(answer);
  };
  expect(await keptAnswers(folder, 1).of('a', ask('1'))).toBe('1');
  expect(await keptAnswers(folder, 1).of('b', ask(null))).toBeNull();
  // Kept for the next process, also that there is none.
  expect(await keptAnswers(folder, 1).of('a', ask('2'))).toBe('1');
  expect(await keptAnswers(folder, 1).of('b', ask('2'))).toBeNull();
  expect(await keptAnswers(folder, 2).of('a', ask('3'))).toBe('3');
  expect(asked).toEqual(['1', 'null', '3']);
});

test('a file that a full disk has cut short is as good as none', async () => {
  writeFileSync(join(folder, 'answers.json'), '{"read": 1, "answ');
  expect(await keptAnswers(folder, 1).of('a', () => Promise.resolve('1'))).toBe('1');
  expect(await keptAnswers(folder, 1).of('a', () => Promise.resolve('2'))).toBe('1');
});
