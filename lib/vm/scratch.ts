import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for sockets and logs of guests. */
export interface Scratch extends AsyncDisposable {
  readonly folder: string;
}

/** The folder goes when nobody can write to this program any more: at our end, or whatever kills us. */
const REMOVE = 'cat > /dev/null; rm -rf -- "$1"';

/** An empty folder that does not outlive this process. */
export async function openScratch(): Promise<Scratch> {
  const folder = join(tmpdir(), `everyleaf-vm-${randomUUID()}`);
  // In a group of its own: an interrupt of the terminal is not for it. It is there before the folder is.
  const remover = spawn('sh', ['-c', REMOVE, 'sh', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const ended = new Promise<void>((resolve) => remover.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    remover.once('spawn', resolve);
    remover.once('error', reject);
  });
  mkdirSync(folder);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      remover.stdin.end();
      await ended;
    },
  };
}
