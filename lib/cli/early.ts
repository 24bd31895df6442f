import { setFlagsFromString } from 'node:v8';
import { isRegularFile } from '../files.js';
import { areSmall, ownShare, readersFor, startReaders } from '../production/readerThreads.js';
import { installLastResort } from './lastResort.js';

/**
 * How much a function is run before V8 optimizes it, bytes of bytecode; V8's own limit is a fifteenth of it. What runs
 * for each frame is compiled already: for all else, optimizing took a fifth of the CPU of judging small captures.
 */
const OPTIMIZED_AFTER = 1_000_000;
/**
 * What lives long is in columns, and what is made besides is little: threads that collect it together take longer to
 * wake than to do it, and on a busy machine all of them wait for the last one to get a core.
 */
const COLLECTED_ALONE = '--no-parallel-scavenge';
/** The latest Node whose V8 is known to have them: another one would complain. From 22 on, V8 counts in another way. */
const LATEST_NODE = { optimizedAfter: 21, collectedAlone: 24 };

/** What is done before the command line is understood. */
export function begin(args: readonly string[]): void {
  installLastResort();
  const captures = capturesToJudge(args);
  const { length } = captures;
  const node = Number.parseInt(process.versions.node, 10);
  if (length > 1 && node <= LATEST_NODE.optimizedAfter) setFlagsFromString(`--interrupt-budget=${OPTIMIZED_AFTER}`);
  if (length > 1 && node <= LATEST_NODE.collectedAlone) setFlagsFromString(COLLECTED_ALONE);
  if (length > 1 && !areSmall(captures)) startReaders(readersFor(length - ownShare(length)));
}

/**
 * Captures that the command line seems to name: a guess, made before the real parser is loaded. A wrong one costs
 * little.
 */
function capturesToJudge([command, ...rest]: readonly string[]): readonly string[] {
  return command === 'judge' ? rest.map((arg) => arg.replace(/^[\w.-]+=/, '')).filter(isRegularFile) : [];
}
