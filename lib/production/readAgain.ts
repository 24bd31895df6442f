import { statSync } from 'node:fs';

/** Whether a capture can be read a second time: what came through a pipe or standard input is gone, and a named pipe would be waited for without an end. */
export function canReadAgain(file: string): boolean {
  return file !== '-' && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
