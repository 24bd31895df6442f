import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';

const NO_ROOM: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Why a place cannot be written, as a UserError: a full disk is the machine's fault (69), anything else is wrong with
 * the given name.
 */
export function cannotWrite(path: string, error: unknown, hint: string | null = null): UserError {
  const message = `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  return NO_ROOM.has((error as NodeJS.ErrnoException | null)?.code)
    ? new UserError(message, 'make room there, or name a place that has some', EXIT.infrastructure)
    : new UserError(message, hint);
}
