import { expect, test } from '@playwright/test';
import type { TestsRecord } from '../run/testRecord.js';
import { earlyEnd, type RunnerEnd } from './runnerEnd.js';

const ASKED = { wanted: ['the moon'], known: () => Promise.resolve(['the sun']), runFolder: '/run' };
const FAILED: RunnerEnd = { code: 1, signal: null, interrupted: false };
const record = (errors: readonly string[], status: TestsRecord['status'] = 'failed'): TestsRecord => ({
  status,
  durationMs: 1,
  tests: [],
  errors,
});

async function said(end: RunnerEnd, tests: TestsRecord | null): Promise<unknown> {
  const early = await earlyEnd(end, tests, ASKED);
  return early === null ? null : [early.error.exitCode, early.error.message, early.keepFolder];
}

test('no match is 4, an interruption 130, and anything that broke is 69, with its message', async () => {
  expect(await said(FAILED, record(['Error: No tests found']))).toEqual([4, 'no scenario matches the moon', false]);
  expect(await said({ code: 130, signal: null, interrupted: true }, null)).toEqual([
    130,
    'interrupted before any scenario ran',
    false,
  ]);
  expect(await said(FAILED, record(['Error: boom', 'Error: No tests found']))).toEqual([
    69,
    'the scenarios cannot be loaded: Error: boom',
    true,
  ]);
  expect(await said(FAILED, null)).toEqual([69, 'the test runner ended with code 1 before any scenario ran', true]);
  expect(await said({ code: null, signal: 'SIGKILL', interrupted: false }, null)).toEqual([
    69,
    'the test runner ended with SIGKILL before any scenario ran',
    true,
  ]);
});

test('a mistake in a scenario file is 2, and each file is named, whatever else could have run', async () => {
  const tests = [{ scenario: 'a', project: 'balance-tcp', status: 'never-ran', error: null }] as const;
  const errors = ['UserError: a.spec.ts:3: no', 'UserError: b.spec.ts:4: no', 'Error: No tests found'];
  expect(await said(FAILED, record(errors))).toEqual([2, 'a.spec.ts:3: no\nb.spec.ts:4: no', false]);
  expect(await said(FAILED, { ...record(errors), tests })).toEqual([2, 'a.spec.ts:3: no\nb.spec.ts:4: no', false]);
});

test('where a scenario ran, there is something to judge', async () => {
  const tests = [{ scenario: 'a', project: 'balance-tcp', status: 'never-ran', error: null }] as const;
  expect(await said({ ...FAILED, interrupted: true }, { ...record([]), tests })).toBeNull();
});
