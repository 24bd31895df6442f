import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { aggregateRun } from './aggregate.js';
import { runSummary } from '../report/json.js';
import { judgeEvidence } from '../evidence/judge.js';
import { stableJson } from '../evidence/json.js';
import { readEvidence } from '../evidence/read.js';
import { GOLDEN_REPORT, unpackGolden } from '../evidence/testing/golden.js';

/** So many experiments the run had; a folder that was lost on the way would otherwise not be missed. */
const EXPERIMENTS = 92;

let parent: string;
let folder: string;

test.beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'everyleaf-golden-'));
  folder = unpackGolden(parent);
});
test.afterAll(() => rmSync(parent, { recursive: true, force: true }));

test('evidence of version 0.1.0, mutants included, is judged to the same bytes', () => {
  const experiments = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(experiments).toHaveLength(EXPERIMENTS);
  const changed = experiments.filter(({ name }) => {
    const then = readFileSync(join(folder, name, 'judgement.json'), 'utf8');
    return stableJson(judgeEvidence(readEvidence(join(folder, name)))) !== then;
  });
  expect(changed.map(({ name }) => name)).toEqual([]);
});

test('a run of version 0.1.0 is read and reported as it was then', () => {
  const then = JSON.parse(readFileSync(join(folder, GOLDEN_REPORT), 'utf8')) as Record<string, unknown>;
  const now = JSON.parse(JSON.stringify(runSummary(aggregateRun(folder)))) as Record<string, unknown>;
  expect(Object.keys(then).length).toBeGreaterThan(10);
  for (const [key, value] of Object.entries(then)) expect(now[key], key).toEqual(value);
});
