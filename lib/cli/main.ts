import { statSync } from 'node:fs';
import { readersFor, startReaders } from '../production/readerThreads.js';
import { installLastResort } from './lastResort.js';

installLastResort();
const args = process.argv.slice(2);
const captures = capturesToJudge(args);
if (captures > 1) startReaders(readersFor(captures));
const { runCommandLine } = await import('./program.js');
process.exitCode = await runCommandLine(args);

/** Captures that the command line seems to name: a guess, before anything is loaded that knows better. A wrong one costs little. */
function capturesToJudge([command, ...rest]: readonly string[]): number {
  return command === 'judge' ? rest.filter((arg) => isFile(arg.replace(/^[\w.-]+=/, ''))).length : 0;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // why not is said by whoever opens it
  }
}
