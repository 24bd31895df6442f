import type { MessagePort } from 'node:worker_threads';
import type { HopsLess } from '../judge/captures/alike.js';
import { endOf, RING_FRAMES } from '../judge/captures/feed.js';
import { createRecorder, type Interest } from '../judge/captures/recorder.js';
import type { Selection } from '../judge/captures/selection.js';
import { createChainParser } from '../pcap/chain.js';
import { LEAST_RECORD } from '../pcap/limits.js';
import { fastMemory, type CompiledReader } from './compiledReader.js';
import { CHUNK_BYTES } from './packing.js';
import {
  ENDED,
  JUDGE_WAITS,
  ringBytes,
  SEQUENCE,
  STARTED,
  STOP,
  TAIL,
  TURNS,
  viewSharedRing,
  WORDS_PER_TURN,
} from './sharedRing.js';

/** One capture and the ring that its frames go to. */
export interface RingTask {
  /** Paths of files that are read as one, or `-`. */
  readonly files: readonly string[];
  readonly selection: Selection;
  readonly buffer: SharedArrayBuffer;
  /** Reads what is plain; the ring is at the beginning of its part of the memory. */
  readonly compiled?: CompiledReader;
  /** What is put back on hop limits. */
  readonly hopsLess?: HopsLess;
  /** Receives the FeedEnd. */
  readonly port: Pick<MessagePort, 'postMessage'>;
}

/** The reader's end of a shared ring. */
export interface RingWriter {
  /** Whether the ring takes all records that CHUNK_BYTES may hold. */
  hasRoom(): boolean;
  /** Where a chunk is best put before it is taken: CHUNK_BYTES. Null where that makes no difference. */
  readonly input: Uint8Array | null;
  /** At most CHUNK_BYTES, when there is room. */
  take(chunk: Uint8Array): void;
  /** The next file begins. */
  next(): void;
  /** Nothing more is wanted: damage ends a capture, however much follows, and the judge may. */
  isOver(): boolean;
  /** Tells the judge what there is. */
  publish(): void;
  finish(trouble: string | null): void;
}

/** With one more, which began in the chunk before. */
const MOST_RECORDS = CHUNK_BYTES / LEAST_RECORD + 1;

export function createRingWriter(
  { files, buffer, port, selection, hopsLess, compiled }: RingTask,
  shared: Interest,
): RingWriter {
  const interest = hopsLess === undefined ? shared : { ...shared, hopsLess };
  const from = compiled?.at ?? 0;
  const ring = viewSharedRing(buffer, RING_FRAMES, from);
  const { control, said } = ring;
  Atomics.store(control, STARTED, 1);
  const free = from + ringBytes(RING_FRAMES);
  const memory = compiled === undefined ? null : fastMemory(compiled, free + CHUNK_BYTES);
  const recorder = createRecorder(ring.columns, ring.macs, interest, () => undefined, selection, memory);
  const { sink, state, fast } = recorder;
  const input = fast === null ? null : new Uint8Array(buffer, free, CHUNK_BYTES);
  const parser = createChainParser(sink, files, fast);
  let sequence = 0;

  function publish(): void {
    sequence = (sequence + 1) | 0;
    const at = (sequence & (TURNS - 1)) * WORDS_PER_TURN;
    said[at] = state.head;
    said[at + 1] = state.aliveNs;
    said[at + 2] = state.firstNs;
    said[at + 3] = state.baseSeconds;
    Atomics.store(control, SEQUENCE, sequence);
    if (Atomics.load(control, JUDGE_WAITS) !== 0) Atomics.notify(control, SEQUENCE);
  }

  return {
    hasRoom: () => ((state.head - Atomics.load(control, TAIL)) | 0) <= RING_FRAMES - 1 - MOST_RECORDS,
    input,
    take(chunk) {
      if (input === null || chunk.buffer === buffer) {
        parser.push(chunk);
        return;
      }
      input.set(chunk);
      parser.push(input.subarray(0, chunk.length));
    },
    next: () => parser.next(),
    isOver: () => Atomics.load(control, STOP) !== 0 || parser.isDamaged(),
    publish,
    finish(trouble) {
      // Whoever sees the end must find the last records said, and whoever waits must wake up behind it.
      publish();
      port.postMessage(endOf(parser.end(), recorder, selection, trouble));
      Atomics.store(control, ENDED, 1);
      publish();
    },
  };
}
