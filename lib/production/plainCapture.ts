import { closeSync, openSync, readSync } from 'node:fs';
import type { Interest } from '../judge/captures/recorder.js';
import { createRingWriter, type RingTask } from './ringWriter.js';

/** A regular file that is not compressed, read without streams. */
export interface PlainCapture {
  /** Reads one chunk when the ring has room for all that it may hold; false when it has not. */
  step(): boolean;
  isDone(): boolean;
}

/**
 * What happens once in a chunk (joining two reads, telling the judge) happens often at first, and then ever more
 * rarely: code that was compiled before it ever happened is thrown away when it does.
 */
const FIRST_BYTES = 1 << 12;
/**
 * The judge hears of records, and of bytes that held none, at least this often: each word may wake it, which costs more
 * than many records.
 */
const PUBLISH_BYTES = 1 << 20;

/** `shared` is overwritten by steps: captures that take turns may have it in common. */
export function openPlainCapture(task: RingTask, interest: Interest, shared: Uint8Array): PlainCapture {
  const writer = createRingWriter(task, interest);
  const chunk = writer.input ?? shared;
  let descriptor = -1;
  let most = FIRST_BYTES;
  let unspoken = 0;
  let isDone = false;
  let part = 0;

  /** False when nothing more is to come. */
  function read(): boolean {
    if (descriptor < 0) descriptor = openSync(task.files[part] ?? '', 'r');
    const size = readSync(descriptor, chunk, 0, most, null);
    if (size === 0) {
      if (part === task.files.length - 1 || writer.isOver()) return false;
      closeSync(descriptor);
      descriptor = -1;
      part++;
      writer.next();
      return true;
    }
    most = Math.min(2 * most, chunk.length);
    writer.take(size === chunk.length ? chunk : chunk.subarray(0, size));
    unspoken += size;
    if (unspoken >= PUBLISH_BYTES || most < chunk.length) tell();
    return !writer.isOver();
  }

  function tell(): void {
    unspoken = 0;
    writer.publish();
  }

  return {
    step() {
      if (!writer.hasRoom()) {
        if (unspoken > 0) tell();
        return false;
      }
      try {
        if (read()) return true;
        end(null);
      } catch (error) {
        end(error instanceof Error ? error.message : String(error));
      }
      return true;
    },
    isDone: () => isDone,
  };

  function end(trouble: string | null): void {
    isDone = true;
    if (descriptor >= 0) closeSync(descriptor);
    writer.finish(trouble);
  }
}
