import { parentPort } from 'node:worker_threads';
import type { Interest } from '../judge/captures/recorder.js';
import { rung, sleepSince, type Bell } from './bell.js';
import { CHUNK_BYTES } from './packing.js';
import { openPlainCapture } from './plainCapture.js';
import { createRingWriter, type RingTask } from './ringWriter.js';

/** Reads captures on a thread of its own and writes their frames into shared rings. */
export interface ReaderTask {
  /** Plain files, which are read in turns; or a single one that is read as a stream. */
  readonly captures: readonly RingTask[];
  readonly isStream: boolean;
  readonly interest: Interest;
  /** Rung when there is room in one of the rings. */
  readonly bell: Bell;
}

parentPort?.once('message', (task: ReaderTask) => {
  if (task.isStream) void readStream(task);
  else readPlain(task);
});

/** Reads whatever there is room for, so that no capture waits for another one. */
function readPlain({ captures, interest, bell }: ReaderTask): void {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let open = captures.map((capture) => openPlainCapture(capture, interest, chunk));
  while (open.length > 0) {
    const seen = rung(bell);
    let isIdle = true;
    for (const capture of open) if (capture.step()) isIdle = false;
    open = open.filter((capture) => !capture.isDone());
    if (isIdle && open.length > 0) sleepSince(bell, seen);
  }
}

async function readStream({ captures: [capture], interest, bell }: ReaderTask): Promise<void> {
  if (capture === undefined) return;
  const writer = createRingWriter(capture, interest);
  let trouble: string | null = null;
  try {
    // Streams and decompression take longer to load than a small capture to read.
    const { captureStream } = await import('./captureChunks.js');
    for (const [part, file] of capture.files.entries()) {
      if (part > 0) writer.next();
      for await (const chunk of captureStream(file)) {
        for (let at = 0; at < chunk.length && !writer.isOver(); at += CHUNK_BYTES) {
          for (let seen = rung(bell); !writer.hasRoom(); seen = rung(bell)) {
            writer.publish();
            sleepSince(bell, seen);
          }
          writer.take(chunk.subarray(at, at + CHUNK_BYTES));
          writer.publish();
        }
        if (writer.isOver()) break;
      }
      if (writer.isOver()) break;
    }
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }
  writer.finish(trouble);
}
