import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person on the terminal for a secret, which is not shown as it is typed. */
export async function askHidden(what: string): Promise<string> {
  process.stderr.write(`${what}: `);
  // With a terminal, readline shows what is typed by itself: it gets one that shows nothing.
  const nowhere = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
