import { statSync } from 'node:fs';
import { readersFor, startReaders } from '../evidence/captures/readerThreads.js';

// A reader that went away (`everyleaf judge | head`) ends our output, not our verdict: the exit code still tells it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const args = process.argv.slice(2);
const captures = capturesToJudge(args);
if (captures > 1) startReaders(readersFor(captures));
const { runCommandLine } = await import('./program.js');
process.exitCode = await runCommandLine(args);

/** Captures that the command line seems to name: a guess, before anything is loaded that knows better. A wrong one costs little. */
function capturesToJudge([command, ...rest]: readonly string[]): number {
  return command === 'judge' ? rest.filter((arg) => statSync(arg.replace(/^[\w.-]+=/, ''), { throwIfNoEntry: false })?.isFile() === true).length : 0;
}
