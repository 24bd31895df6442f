import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { parseTopology } from './parse.js';
import { PROBLEM_KINDS, TopologyError } from './problem.js';

const FOLDER = join('topologies', 'invalid');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** The error that a file of the folder gives. */
function errorOf(name: string): TopologyError {
  try {
    parseTopology(readFileSync(join(FOLDER, name), 'utf8'), name, { planes: DEFAULTS.dataPlanes });
  } catch (error) {
    if (error instanceof TopologyError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

for (const name of files) {
  test(`${basename(name, '.yaml')} is refused with its exact text`, () => {
    expect(`${errorOf(name).message}\n`).toBe(readFileSync(join(FOLDER, name.replace(/yaml$/, 'error.txt')), 'utf8'));
  });
}

test('every expected text has its file', () => {
  const texts = readdirSync(FOLDER).filter((name) => name.endsWith('.error.txt'));
  expect(texts.map((name) => name.replace('.error.txt', '.yaml'))).toEqual(files);
});

test('every kind of problem has a file that shows it', () => {
  const shown = new Set(files.flatMap((name) => errorOf(name).problems.map(({ kind }) => kind)));
  expect(PROBLEM_KINDS.filter((kind) => !shown.has(kind))).toEqual([]);
});

test('the name of a file that is named after a kind tells the truth', () => {
  const kinds: readonly string[] = PROBLEM_KINDS;
  for (const name of files.filter((file) => kinds.includes(basename(file, '.yaml')))) {
    expect(
      errorOf(name).problems.map(({ kind }) => kind),
      name,
    ).toContain(basename(name, '.yaml'));
  }
});
