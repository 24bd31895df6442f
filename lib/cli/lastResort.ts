import { writeSync } from 'node:fs';
import { EXIT } from './exitCodes.js';

/**
 * An uncaught error ends in one line and 69: Node's own exit code for it is 1, which here says that a replicator
 * failed. A reader that went away (`everyleaf judge | head`) ends our output, not our verdict: the exit code still
 * tells it.
 */
export function installLastResort(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.on('uncaughtException', (error: unknown) => {
    const text =
      error instanceof Error
        ? process.argv.includes('--verbose')
          ? (error.stack ?? error.message)
          : error.message
        : String(error);
    try {
      writeSync(2, `everyleaf: unexpected: ${text}\n`);
    } catch {
      // nobody reads stderr; only the exit code can still tell it
    }
    process.exit(EXIT.infrastructure);
  });
}
