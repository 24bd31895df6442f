import { createReadStream, existsSync, statSync, watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isRegularFile } from '../files.js';

/** Bytes that are read at once. */
const CHUNK_BYTES = 0x10_0000;
/**
 * How often a file is looked at besides, ms: the kernel tells of what is written on this machine (inotify(7)), but not of
 * what another one writes to a file system that both share.
 */
const LOOK_MS = 500;

/** Why a capture gives no more bytes. */
export type SourceEnd =
  /** Whoever wrote into the pipe is done. */
  | 'ended'
  /** It was asked to stop. */
  | 'stopped'
  /** The file was cut short or replaced: what is there now is another capture. */
  | 'replaced';

export interface Source {
  /** The bytes of the capture as they come. Throws what reading throws. */
  read(take: (chunk: Uint8Array) => void | Promise<void>): Promise<SourceEnd>;
}

/**
 * A capture that still grows: a file is followed, and waited for where it is not there yet; of a pipe, a FIFO or
 * standard input (`-`) all is taken until its writer ends.
 * @param signal ends it; of a file all that is there then is read
 */
export function openSource(file: string, signal: AbortSignal): Source {
  return {
    read: (take) =>
      file === '-' || (existsSync(file) && !isRegularFile(file))
        ? readPipe(file, signal, take)
        : follow(file, signal, take),
  };
}

async function readPipe(
  file: string,
  signal: AbortSignal,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<SourceEnd> {
  const stream = createReadStream(file === '-' ? '' : file, {
    ...(file === '-' ? { fd: 0, autoClose: false } : {}),
    highWaterMark: CHUNK_BYTES,
    signal,
  });
  try {
    for await (const chunk of stream) await take(chunk as Buffer);
  } catch (error) {
    if (signal.aborted) return 'stopped';
    throw error;
  }
  return 'ended';
}

async function follow(
  file: string,
  signal: AbortSignal,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<SourceEnd> {
  using changes = changesOf(file, signal);
  while (!existsSync(file)) {
    if (signal.aborted) return 'stopped';
    await changes.next();
  }
  await using handle = await open(file, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const { ino } = await handle.stat();
  for (let at = 0; ;) {
    // Looked at before reading: what was written before the signal is read.
    const isLast = signal.aborted;
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead > 0) {
      at += bytesRead;
      await take(chunk.subarray(0, bytesRead));
      continue;
    }
    if (isLast) return 'stopped';
    if (isOther(file, ino, at)) return 'replaced';
    await changes.next();
  }
}

/** Whether the name stands for another file now, or for less than was read of it. A name that is gone takes nothing away. */
function isOther(file: string, ino: number, read: number): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now !== undefined && (now.ino !== ino || now.size < read);
}

interface Changes extends Disposable {
  /** Until something may have changed since the call before. */
  next(): Promise<void>;
}

function changesOf(file: string, signal: AbortSignal): Changes {
  let wake: () => void = () => undefined;
  let isNew = false;
  const changed = (): void => {
    isNew = true;
    wake();
  };
  const name = basename(file);
  const watcher = watch(dirname(file), (_event, changedName) => {
    if (changedName === null || changedName === name) changed();
  });
  // Looks every LOOK_MS go on without it.
  watcher.on('error', () => undefined);
  const timer = setInterval(changed, LOOK_MS);
  signal.addEventListener('abort', changed);
  return {
    async next() {
      if (!isNew) await new Promise<void>((resolve) => (wake = resolve));
      isNew = false;
    },
    [Symbol.dispose]() {
      watcher.close();
      clearInterval(timer);
      signal.removeEventListener('abort', changed);
    },
  };
}
