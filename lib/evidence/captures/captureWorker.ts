import { openSync, readSync } from 'node:fs';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createCaptureParser } from '../../pcap/parser.js';
import { endOf, RING_FRAMES } from '../../judge/captures/feed.js';
import { createRecorder, type Interest } from '../../judge/captures/recorder.js';
import { CHUNK_BYTES } from './packing.js';
import { ENDED, JUDGE_WAITS, READER_WAITS, SEQUENCE, STARTED, STOP, TAIL, TURNS, viewSharedRing, WORDS_PER_TURN } from './sharedRing.js';

/** Reads one capture on a thread of its own and writes its frames into a shared ring. */
export interface WorkerTask {
  readonly file: string;
  /** A plain file, which is read without streams. */
  readonly isPlain: boolean;
  readonly buffer: SharedArrayBuffer;
  readonly interest: Interest;
  /** Receives the FeedEnd. */
  readonly port: MessagePort;
}

/** The judge hears of records at least this often. */
const PUBLISH_FRAMES = 8_192;

if (parentPort !== null) await read(workerData as WorkerTask);

async function read({ file, isPlain, buffer, interest, port }: WorkerTask): Promise<void> {
  const ring = viewSharedRing(buffer, RING_FRAMES);
  const { control, said } = ring;
  Atomics.store(control, STARTED, 1);
  let sequence = 0;
  let tail = 0;
  let spoken = 0;
  const { sink, state } = createRecorder(ring.columns, ring.macs, interest, room);
  const parser = createCaptureParser(sink);

  function publish(): void {
    sequence = (sequence + 1) | 0;
    const at = (sequence & (TURNS - 1)) * WORDS_PER_TURN;
    said[at] = state.head;
    said[at + 1] = state.aliveNs;
    said[at + 2] = state.firstNs;
    said[at + 3] = state.baseSeconds;
    spoken = state.head;
    Atomics.store(control, SEQUENCE, sequence);
    if (Atomics.load(control, JUDGE_WAITS) !== 0) Atomics.notify(control, SEQUENCE);
  }

  /** Waits until the judge has taken enough for one more record. */
  function room(head: number): void {
    if (((head - tail) | 0) < RING_FRAMES - 1) {
      if (((head - spoken) | 0) >= PUBLISH_FRAMES) publish();
      return;
    }
    tail = Atomics.load(control, TAIL);
    if (((head - tail) | 0) < RING_FRAMES - 1) return;
    publish();
    Atomics.store(control, READER_WAITS, 1);
    for (;;) {
      const seen = Atomics.load(control, TAIL);
      tail = seen;
      if (((head - seen) | 0) < RING_FRAMES - 1) break;
      Atomics.wait(control, TAIL, seen);
    }
    Atomics.store(control, READER_WAITS, 0);
  }

  let trouble: string | null = null;
  try {
    if (isPlain) {
      const descriptor = openSync(file, 'r');
      const chunk = new Uint8Array(CHUNK_BYTES);
      for (let size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null); size > 0; size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null)) {
        if (!take(size === CHUNK_BYTES ? chunk : chunk.subarray(0, size))) break;
      }
    } else {
      // Streams and decompression take longer to load than a small capture to read.
      const { captureStream } = await import('./captureChunks.js');
      for await (const chunk of captureStream(file)) if (!take(chunk)) break;
    }
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }

  /** False when nothing more is wanted: damage ends a capture, however much follows. */
  function take(chunk: Uint8Array): boolean {
    parser.push(chunk);
    publish();
    return Atomics.load(control, STOP) === 0 && !parser.isDamaged();
  }

  port.postMessage(endOf(parser.end(), state, trouble));
  Atomics.store(control, ENDED, 1);
  publish();
}
