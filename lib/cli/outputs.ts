import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { cannotWrite } from './cannotWrite.js';
import { UserError } from '../userError.js';

/**
 * Checks whether a file can be written, before minutes of work go into its contents. Creates nothing. Throws
 * UserError.
 */
export function requireWritable(file: string): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw new UserError(`${file} is a folder`, 'name a file');
    accessSync(there === undefined ? dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw error instanceof UserError
      ? error
      : cannotWrite(file, error, 'name a file in a folder that is there and can be written');
  }
}
