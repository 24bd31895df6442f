import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { runProgram } from '../runProgram.js';
import { UserError } from '../userError.js';
import type { SecretReference } from './schema.js';

/** Modes of a file that others may read or write. */
const OF_OTHERS = 0o077;
/** Password managers ask a person, who has to look for something. */
const COMMAND_MS = 120_000;

export interface SecretSources {
  /** Folder of the binding: its paths begin there. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks a person; null where there is no terminal. */
  readonly ask: ((what: string) => Promise<string>) | null;
}

/**
 * Fetches a secret when it is needed, and no earlier. Whoever gets it keeps it out of evidence, reports and errors.
 *
 * @param what it is for, in errors and questions
 * @throws UserError when it cannot be had, without a part of it
 */
export async function fetchSecret(reference: SecretReference, what: string, sources: SecretSources): Promise<string> {
  if ('env' in reference) {
    const value = sources.environment[reference.env];
    if (value === undefined || value === '')
      throw new UserError(
        `${what} should be in the variable ${reference.env}, which is not set`,
        'set it, and export it',
      );
    return value;
  }
  if ('file' in reference) return fromFile(inFolder(reference.file, sources.folder), what);
  if ('command' in reference) return fromCommand(reference.command, what);
  if (sources.ask === null)
    throw new UserError(`${what} is to be asked for, and there is no terminal`, 'refer to it by env, file or command');
  return sources.ask(what);
}

/** A path of a binding: beside it, unless it is absolute or begins at home. */
export function inFolder(path: string, folder: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(folder, path);
}

async function fromFile(path: string, what: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if ((mode & OF_OTHERS) !== 0)
      throw new UserError(
        `${path}, which holds ${what}, may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
        `chmod 600 ${path}, and change the secret if others could have read it`,
      );
    return trimmed(await readFile(path, 'utf8'), `${path}, which should hold ${what}, is empty`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new UserError(
      `${path}, which should hold ${what}, cannot be read (${code === 'ENOENT' ? 'there is no such file' : code})`,
    );
  }
}

async function fromCommand(command: readonly string[], what: string): Promise<string> {
  const [program = '', ...args] = command;
  const { code, stdout, stderr } = await runProgram(program, args, { timeout: COMMAND_MS });
  // Its output and its arguments may hold a part of the secret.
  const how =
    code !== null
      ? `ended with ${code}`
      : stderr.includes('ENOENT')
        ? 'is not there'
        : 'was ended before it had said it';
  if (code !== 0)
    throw new UserError(`${program}, which should say ${what}, ${how}`, 'run it by hand to see what it says', 69);
  return trimmed(stdout, `${program}, which should say ${what}, said nothing`);
}

/** Without the line break that editors and programs put behind it. */
function trimmed(text: string, empty: string): string {
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new UserError(empty);
  return secret;
}
