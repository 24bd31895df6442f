import { isRegularFile } from '../files.js';
import { areSmall, readersFor, startReaders } from '../production/readerThreads.js';
import { installLastResort } from './lastResort.js';

installLastResort();
const args = process.argv.slice(2);
const captures = capturesToJudge(args);
if (captures.length > 1 && !areSmall(captures)) startReaders(readersFor(captures.length));
const { runCommandLine } = await import('./program.js');
process.exitCode = await runCommandLine(args);

/**
 * Captures that the command line seems to name: a guess, made before the real parser is loaded. A wrong one costs
 * little.
 */
function capturesToJudge([command, ...rest]: readonly string[]): readonly string[] {
  return command === 'judge' ? rest.map((arg) => arg.replace(/^[\w.-]+=/, '')).filter(isRegularFile) : [];
}
