import { isRegularFile } from '../files.js';
import { areSmall, ownShare, readersFor, startReaders } from '../production/readerThreads.js';
import { installLastResort } from './lastResort.js';

/** What is done before the command line is understood. */
export function begin(args: readonly string[]): void {
  installLastResort();
  const captures = capturesToJudge(args);
  const { length } = captures;
  if (length > 1 && !areSmall(captures)) startReaders(readersFor(length - ownShare(length)));
}

/**
 * Captures that the command line seems to name: a guess, made before the real parser is loaded. A wrong one costs
 * little.
 */
function capturesToJudge([command, ...rest]: readonly string[]): readonly string[] {
  return command === 'judge' ? rest.map((arg) => arg.replace(/^[\w.-]+=/, '')).filter(isRegularFile) : [];
}
