import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../userError.js';

/**
 * What this user keeps about a binding between runs, one folder for each binding's name: the token of a lease that was
 * taken by hand, the journal of faults, whether the binding is unwell. Below XDG_STATE_HOME (XDG Base Directory
 * Specification), else ~/.local/state. A restart does not empty it.
 */
export function stateFolder(binding: string, environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_STATE_HOME'];
  const root = base !== undefined && isAbsolute(base) ? base : join(homedir(), '.local', 'state');
  return join(root, 'everyleaf', binding);
}

/** Makes it, for this user alone. Throws UserError where it cannot be made. */
export function makeStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(
      `${folder} cannot be made (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      'set XDG_STATE_HOME to a folder of your own that stays',
      69,
    );
  }
}
