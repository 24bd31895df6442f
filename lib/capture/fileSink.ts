import { closeSync, openSync, writeSync } from 'node:fs';
import type { CaptureSink } from '../testbed/port.js';

/** Writes a capture into a file as it comes; nothing is kept in memory. The folder must be there. */
export function fileSink(path: string): CaptureSink {
  const file = openSync(path, 'w');
  return {
    write(chunk) {
      for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
    },
    end: () => closeSync(file),
  };
}

/** For a capture of which only the tokens matter. */
export const noSink: CaptureSink = { write: () => undefined, end: () => undefined };
