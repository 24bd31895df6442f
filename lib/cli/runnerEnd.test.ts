import { expect, test } from '@playwright/test';
import type { TestsRecord } from '../run/testRecord.js';
import { earlyEnd, type RunnerEnd } from './runnerEnd.js';

const ASKED = { wanted: ['the moon'], known: ['the sun'], runFolder: '/run' };
const FAILED: RunnerEnd = { code: 1, signal: null, interrupted: false };
const record = (errors: readonly string[], status: TestsRecord['status'] = 'failed'): TestsRecord => ({
  status,
  durationMs: 1,
  tests: [],
  errors,
});

function said(end: RunnerEnd, tests: TestsRecord | null): unknown {
  const early = earlyEnd(end, tests, ASKED);
  return early === null ? null : [early.error.exitCode, early.error.message, early.keepFolder];
}

test('nothing that matches is 4, an interruption 130, and whatever broke 69 with its words', () => {
  expect(said(FAILED, record(['Error: No tests found']))).toEqual([4, 'no scenario matches the moon', false]);
  expect(said({ code: 130, signal: null, interrupted: true }, null)).toEqual([
    130,
    'interrupted before any scenario ran',
    false,
  ]);
  expect(said(FAILED, record(['Error: boom', 'Error: No tests found']))).toEqual([
    69,
    'the scenarios cannot be loaded: Error: boom',
    true,
  ]);
  expect(said(FAILED, null)).toEqual([69, 'the test runner ended with code 1 before any scenario ran', true]);
  expect(said({ code: null, signal: 'SIGKILL', interrupted: false }, null)).toEqual([
    69,
    'the test runner ended with SIGKILL before any scenario ran',
    true,
  ]);
});

test('where a scenario ran, there is something to judge', () => {
  const tests = [{ scenario: 'a', project: 'balance-tcp', status: 'never-ran', error: null }] as const;
  expect(said({ ...FAILED, interrupted: true }, { ...record([]), tests })).toBeNull();
});
