import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../userError.js';

export interface RunFolder {
  /** Removes what was made for a run in which nothing ran; what was there before stays. */
  discard(): void;
}

/**
 * Makes the folder of a run. Throws UserError where nothing can be written, and leaves nothing behind then.
 * @param folder an absolute path
 */
export function makeRunFolder(folder: string): RunFolder {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  const discard = (): void => {
    if (made[0] !== undefined) rmSync(made[0], { recursive: true, force: true });
  };
  try {
    // Not recursive: under /proc, Node's own recursion never ends.
    for (const one of missing) if (make(one)) made.push(one);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    discard();
    throw new UserError(`${folder} cannot be the folder of a run: ${error instanceof Error ? error.message : String(error)}`, 'name a folder that can be written with --out');
  }
  return { discard };
}

/** False when another run has just made it. */
function make(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
