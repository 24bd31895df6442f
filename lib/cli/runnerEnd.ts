import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestsRecord } from '../run/testRecord.js';
import { EVIDENCE_FOLDER, TESTS_FILE } from '../run/testRecord.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';

/** How the test runner ended. */
export interface RunnerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether a person or a system asked this command to end meanwhile. */
  readonly interrupted: boolean;
}

/** Why there is nothing to judge. */
export interface EarlyEnd {
  readonly error: UserError;
  /** Whether the run's folder tells more than the message. */
  readonly keepFolder: boolean;
}

/** What the runner says when nothing is selected; no other error has this text. */
const NOTHING_SELECTED = /^(Error: )?No tests found/;

/**
 * A mistake of the scenario's author, as the runner hands it on; it knows the names of errors, not their classes.
 */
const MISTAKE = /^UserError: ([\s\S]*)/;

/** The runner's record of its tests; null where it did not get that far. */
export function testsOf(runFolder: string): TestsRecord | null {
  const file = join(runFolder, EVIDENCE_FOLDER, TESTS_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestsRecord) : null;
}

/**
 * What to say when the runner ended before it had any test; null when there is something to judge.
 * @param asked what the command line asked for, and what there is
 */
export async function earlyEnd(
  end: RunnerEnd,
  record: TestsRecord | null,
  asked: {
    readonly wanted: readonly string[];
    readonly known: () => Promise<readonly string[]>;
    readonly runFolder: string;
  },
): Promise<EarlyEnd | null> {
  const mistakes = record?.errors.flatMap((error) => MISTAKE.exec(error)?.[1] ?? []) ?? [];
  if (mistakes.length > 0 && record?.tests.every(({ status }) => status === 'never-ran') === true)
    return { error: new UserError(mistakes.join('\n'), 'nothing was run'), keepFolder: false };
  if (record !== null && record.tests.length > 0) return null;
  if (end.interrupted)
    return { error: new UserError('interrupted before any scenario ran', null, EXIT.interrupted), keepFolder: false };
  const errors = record?.errors.filter((error) => !NOTHING_SELECTED.test(error)) ?? [];
  const kept = `what there is of the run: ${asked.runFolder}`;
  if (errors.length > 0)
    return {
      error: new UserError(`the scenarios cannot be loaded: ${errors.join('\n')}`, kept, EXIT.infrastructure),
      keepFolder: true,
    };
  if (record === null || record.status === 'running' || end.signal !== null) {
    return {
      error: new UserError(
        `the test runner ended with ${end.signal ?? `code ${String(end.code)}`} before any scenario ran`,
        kept,
        EXIT.infrastructure,
      ),
      keepFolder: true,
    };
  }
  return {
    error: new UserError(
      `no scenario matches ${asked.wanted.join(', ') || 'anything'}`,
      `known:\n  ${(await asked.known()).join('\n  ')}`,
      EXIT.nothingRan,
    ),
    keepFolder: false,
  };
}
