import { readFileSync, statSync } from 'node:fs';

/** Larger than any description that a person writes: a file of that size is something else. */
const BYTES_MAX = 262_144;

/** Whether what a user named is a file of theirs, and not something built in. */
export function isPath(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
}

/** Whether there is a file that has an end and can be read twice: a pipe or a device may not. */
export function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // opening it will say why not
  }
}

/** A file of text cannot be read; the message says why, and can follow the file's name. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
}

/** The text of a small file of UTF-8. Throws TextFileError, and nothing else. */
export function readTextFile(path: string, bytesMax = BYTES_MAX): string {
  try {
    const info = statSync(path);
    if (info.isDirectory()) throw new TextFileError('it is a folder');
    if (!info.isFile()) throw new TextFileError('it is not a regular file');
    if (info.size > bytesMax) throw new TextFileError(`it has ${info.size} bytes, more than ${bytesMax}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TextFileError) throw error;
    throw new TextFileError(whyUnreadable(error), { cause: error });
  }
}

/** Why a file could not be opened or read, in words that can follow its name. */
export function whyUnreadable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EACCES':
      return 'its permissions forbid it';
    case 'EISDIR':
      return 'it is a folder';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not UTF-8 text';
    default:
      return error.message;
  }
}
