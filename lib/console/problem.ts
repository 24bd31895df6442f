import { NeverHappened } from '../until.js';
import { LackError } from '../testbed/capability.js';
import { TestbedError } from '../testbed/error.js';
import { UserError } from '../userError.js';
import type { Problem } from './protocol.js';

/** EX_UNAVAILABLE: the machine, not the person, is at fault. */
const INFRASTRUCTURE = 69;

/** Makes an error ready to be reported by another process. */
export function problemOf(error: unknown): Problem {
  if (error instanceof UserError) return { message: error.message, hint: error.hint, exitCode: error.exitCode };
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof TestbedError || error instanceof NeverHappened || error instanceof LackError;
  return {
    message: known ? message : `unexpected: ${error instanceof Error ? (error.stack ?? message) : message}`,
    hint: '"everyleaf doctor" tries what a lab needs of this machine',
    exitCode: INFRASTRUCTURE,
  };
}

/** The reverse; anything that is not a problem is returned as text. */
export function errorOf(problem: unknown, otherwise: string): UserError {
  if (typeof problem === 'object' && problem !== null && 'message' in problem && 'exitCode' in problem) {
    const { message, hint, exitCode } = problem as Problem;
    return new UserError(message, hint, exitCode);
  }
  return new UserError(otherwise, null, INFRASTRUCTURE);
}
