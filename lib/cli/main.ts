import { isRegularFile } from '../files.js';
import { readersFor, startReaders } from '../production/readerThreads.js';
import { installLastResort } from './lastResort.js';

installLastResort();
const args = process.argv.slice(2);
const captures = capturesToJudge(args);
if (captures > 1) startReaders(readersFor(captures));
const { runCommandLine } = await import('./program.js');
process.exitCode = await runCommandLine(args);

/**
 * Captures that the command line seems to name: a guess, before anything is loaded that knows better. A wrong one costs
 * little.
 */
function capturesToJudge([command, ...rest]: readonly string[]): number {
  return command === 'judge' ? rest.filter((arg) => isRegularFile(arg.replace(/^[\w.-]+=/, ''))).length : 0;
}
