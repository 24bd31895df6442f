import { TestbedError } from '../testbed/error.js';
import { NeverHappened } from '../until.js';
import { UserError } from '../userError.js';
import { UNAVAILABLE } from './command.js';

/** A guest that broke is no verdict: one sentence, and EX_UNAVAILABLE. */
export async function asUnavailable<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof TestbedError || error instanceof NeverHappened)
      throw new UserError(error.message, null, UNAVAILABLE);
    throw error;
  }
}
