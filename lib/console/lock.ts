import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import type { StandingFolder } from './folder.js';

/** Exit code for "another one holds it": EX_TEMPFAIL of sysexits.h. */
export const LOCK_TAKEN = 75;
/** Exit code for "the folder went away while it was being locked": try again. */
export const LOCK_MOVED = 76;
/** flock(1) ends with EX_NOINPUT or EX_CANTCREAT when the folder is not there. */
const LOCK_NO_FOLDER: readonly number[] = [66, 73];

/** Whether a program under `lockedCommand` ended because the folder had just been removed by its last holder. */
export function isMoved(code: number | null): boolean {
  return code === LOCK_MOVED || (code !== null && LOCK_NO_FOLDER.includes(code));
}

/**
 * Runs a program that holds the folder's lock for as long as it lives. The kernel lets go of it however the program
 * ends, so that there is no doubt whether a lab daemon still lives, and of two that start together only one goes on.
 */
export function lockedCommand(folder: StandingFolder, program: readonly string[]): [file: string, ...args: string[]] {
  return ['flock', '--nonblock', '--conflict-exit-code', String(LOCK_TAKEN), '--no-fork', folder.path, ...program];
}

/**
 * In such a program: whether the locked folder is still the one with this name. Only the holder removes it, so it then
 * stays.
 */
export function holdsLock(folder: StandingFolder): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === folder.path;
    } catch {
      return false; // the descriptor with which the folder was listed
    }
  });
}

/** Removes what a killed lab daemon left. Resolves with false when there is a living one. */
export function clearAway(folder: StandingFolder): Promise<boolean> {
  const [file, ...args] = lockedCommand(folder, ['rm', '-rf', '--', folder.path]);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code !== LOCK_TAKEN));
  });
}
