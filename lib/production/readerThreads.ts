import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PACKAGE_ROOT } from '../packageRoot.js';

/** Threads that wait for captures to read. */
const idle: Worker[] = [];

/**
 * A thread that reads more would need more memory than it may have, if all of them were made to need as much as they
 * can.
 */
const MOST_SHARED = 8;
/** MiB: eight captures with as many interfaces as one may name. */
const MOST_HEAP = 1_024;

/**
 * Captures of no more bytes than this together are read by the thread that judges: two of 150,000 frames (40 MiB), which
 * takes three quarters of the CPU that they take with a thread more. Of more bytes a second core reads in less time than
 * it takes to start.
 */
export const SMALL_BYTES = 0x400_0000;

/** Whether plain files are read without threads. What cannot be looked at counts nothing: its reader says why. */
export function areSmall(files: readonly string[], smallBytes = SMALL_BYTES): boolean {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) <= smallBytes;
}

/**
 * Threads for so many captures, beside the one that judges. No more than can run at a time: they would only share the
 * cores, and each has to start and to compile anew.
 */
export function readersFor(captures: number, cores = availableParallelism()): number {
  return Math.min(captures, Math.max(1, cores - 1, Math.ceil(captures / MOST_SHARED)));
}

/**
 * How many of plain captures the thread that judges reads itself, at least one: putting frames to their copies takes
 * about a third of the time that reading them does.
 */
export function ownShare(captures: number, cores = availableParallelism()): number {
  return Math.min(captures, Math.max(1, Math.floor(captures / (2 * Math.max(2, cores)))));
}

/**
 * Starts threads before it is known what they shall read: a thread takes longer to start than a small capture to be
 * read, and may do so while this one still loads what it needs.
 */
export function startReaders(count: number): void {
  while (idle.length < count) idle.push(startReader());
}

/**
 * A thread that was started, or is now. Its first message must be a ReaderTask; it ends by itself when that is done.
 */
export function takeReader(): Worker {
  return idle.shift() ?? startReader();
}

function startReader(): Worker {
  const worker = new Worker(workerFile(), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP, maxYoungGenerationSizeMb: 8 },
  });
  // Whatever a thread cannot say for itself comes here, once the judge lets go of its own thread.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

/** Threads run what was built: a source file cannot be loaded by a thread of its own. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./captureWorker.js', import.meta.url));
  const file = existsSync(beside) ? beside : join(PACKAGE_ROOT, 'dist/lib/production/captureWorker.js');
  if (!existsSync(file)) throw new Error(`${file} is not there: build first`);
  return file;
}
