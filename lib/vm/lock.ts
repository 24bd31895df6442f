import { spawn } from 'node:child_process';

/**
 * Holds a file's lock; waits while another process has it. The kernel lets go of it however we end: the program that
 * holds it reads from us, and ends when nobody can write any more.
 *
 * @param onWait is called once, when another process has it
 */
async function holdLock(path: string, onWait: () => void): Promise<AsyncDisposable> {
  const child = spawn('flock', ['--exclusive', '--no-fork', path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const notice = setTimeout(onWait, NOTICE_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('error', reject);
      child.once('close', () => reject(new Error(`flock cannot lock ${path}`)));
    });
  } finally {
    clearTimeout(notice);
  }
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Does something while it holds a file's lock. */
export async function withLock<T>(path: string, onWait: () => void, act: () => Promise<T>): Promise<T> {
  const lock = await holdLock(path, onWait);
  try {
    return await act();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

/** A free lock is taken within milliseconds; whoever waits longer is told why. */
const NOTICE_MS = 1_000;
