import { accessSync, constants, existsSync, mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';

export interface RunFolder {
  /**
   * Removes what was made for a run in which nothing ran. What was there before, and what others put beside it, stays.
   */
  discard(): void;
}

/** What a run writes before anything is judged. */
const BEGUN = [EVIDENCE_FOLDER, 'runner', 'allure-results'] as const;

/**
 * Makes the folder of a run, and in it the one for evidence: of two runs that name the same folder, only one gets it.
 * Throws UserError where there is a run already or nothing can be written, and leaves nothing behind then.
 * @param folder an absolute path
 */
export function makeRunFolder(folder: string): RunFolder {
  if (isFile(folder)) throw new UserError(`${folder} is a file`, 'name a folder with --out');
  if (existsSync(join(folder, EVIDENCE_FOLDER))) throw taken(folder);
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  const mine = BEGUN.filter((name) => !existsSync(join(folder, name)));
  const made: string[] = [];
  const undo = (): void => {
    for (const one of [...made].reverse()) if (!remove(one, folder)) return;
  };
  let isOurs: boolean;
  try {
    // Not recursive: under /proc, Node's own recursion never ends.
    for (const one of missing) if (make(one)) made.push(one);
    accessSync(folder, constants.W_OK);
    isOurs = make(join(folder, EVIDENCE_FOLDER));
  } catch (error) {
    undo();
    throw cannotWrite(folder, error, 'name a folder that can be written with --out');
  }
  // Nothing is undone: the folder belongs to another run by now.
  if (!isOurs) throw taken(folder);
  return {
    discard() {
      if (!made.includes(folder)) for (const name of mine) rmSync(join(folder, name), { recursive: true, force: true });
      undo();
    },
  };
}

function taken(folder: string): UserError {
  return new UserError(`${folder} already holds a run`, 'name another folder, or remove it');
}

function isFile(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * The run's own folder goes with all that is in it; a folder above it only when it is empty, because another run may
 * use it by now.
 */
function remove(one: string, runFolder: string): boolean {
  try {
    if (one === runFolder) rmSync(one, { recursive: true, force: true });
    else rmdirSync(one);
    return true;
  } catch {
    return false;
  }
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
