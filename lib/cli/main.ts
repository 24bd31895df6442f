import { runCommandLine } from './program.js';

// A reader that went away (`everyleaf judge | head`) ends our output, not our verdict: the exit code still tells it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
