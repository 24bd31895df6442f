import { setFlagsFromString } from 'node:v8';
import { isRegularFile } from '../files.js';
import { areSmall, ownShare, readersFor, startReaders } from '../production/readerThreads.js';
import { installLastResort } from './lastResort.js';

/**
 * How much a function is run before V8 optimizes it, bytes of bytecode; V8's own limit is a fifteenth of it. What runs
 * for each frame is compiled already: for all else, optimizing took a fifth of the CPU of judging small captures.
 */
const OPTIMIZED_AFTER = 1_000_000;
/** The latest Node whose V8 is known to have the limit: another one would complain. */
const LATEST_NODE = 24;

/** What is done before the command line is understood. */
export function begin(args: readonly string[]): void {
  installLastResort();
  const captures = capturesToJudge(args);
  const { length } = captures;
  if (length > 1 && Number.parseInt(process.versions.node, 10) <= LATEST_NODE)
    setFlagsFromString(`--interrupt-budget=${OPTIMIZED_AFTER}`);
  if (length > 1 && !areSmall(captures)) startReaders(readersFor(length - ownShare(length)));
}

/**
 * Captures that the command line seems to name: a guess, made before the real parser is loaded. A wrong one costs
 * little.
 */
function capturesToJudge([command, ...rest]: readonly string[]): readonly string[] {
  return command === 'judge' ? rest.map((arg) => arg.replace(/^[\w.-]+=/, '')).filter(isRegularFile) : [];
}
