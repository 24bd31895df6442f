import { fileURLToPath } from 'node:url';

/** A line of a source file. */
export interface Place {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
}

/**
 * Where a function was called; the function itself asks. The runner cannot tell: to the runner, a test is where `test`
 * is called, and that is in our file.
 * @param callee the function that asks; its caller is meant
 */
export function callerOf(callee: (...args: never[]) => unknown): Place {
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, callee);
  const [, at = '', line = '0'] = /^ +at .*?(file:\/\/[^\s)]+|\/[^)]*):(\d+):\d+\)?$/m.exec(here.stack ?? '') ?? [];
  return { file: at.startsWith('file:') ? fileURLToPath(at) : at, line: Number(line) };
}
