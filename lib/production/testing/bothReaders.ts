import { isDeepStrictEqual } from 'node:util';
import { BYTES_PER_FRAME, columnsIn, type Columns } from '../../judge/captures/columns.js';
import { endOf, type FeedEnd } from '../../judge/captures/feed.js';
import { createRecorder, type Interest, type Recorder } from '../../judge/captures/recorder.js';
import { EVERYTHING, type Selection } from '../../judge/captures/selection.js';
import { MOST_HOSTS } from '../../judge/captures/settings.js';
import { createChainParser } from '../../pcap/chain.js';
import type { FastReader } from '../../pcap/fastReader.js';
import { compiledFor, fastMemory, type CompiledReader } from '../compiledReader.js';

/** A capture and how it is read. */
export interface Reading {
  /** Files that are read as one. */
  readonly files: readonly Uint8Array[];
  readonly interest: Interest;
  readonly selection?: Selection;
  /** Sizes of chunks, in turns; at most CHUNK. */
  readonly chunks: readonly number[];
}

/** What a reader made of a capture. */
interface Outcome {
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly macs: readonly number[];
  readonly spoke: readonly number[];
  readonly times: readonly number[];
  readonly end: FeedEnd;
}

/** How the two readers differ, and how much of the work the compiled one did. */
export interface Comparison {
  readonly difference: string | null;
  readonly frames: number;
  readonly taken: number;
}

/** Records that a small ring takes: no capture here has more. */
const CAPACITY = 0x400;
const CHUNK = 0x10000;
const RING_BYTES = CAPACITY * BYTES_PER_FRAME;
const FREE = RING_BYTES + CHUNK;
/** No recorder's tables need more. */
const USED = FREE + 0x80000;

let compiled: CompiledReader | null = null;

function compiledReader(): CompiledReader {
  compiled ??= compiledFor(1)?.readers[0] ?? null;
  if (compiled === null) throw new Error('the compiled reader is not there: build first');
  return compiled;
}

/** Reads a capture with the reader of lib/pcap alone, and with the compiled one in front of it. */
export function compareReaders(reading: Reading): Comparison {
  const plain = read(reading, null);
  const fast = read(reading, compiledReader());
  return {
    difference: differenceOf(plain.outcome, fast.outcome),
    frames: fast.outcome.end.summary.frames,
    taken: fast.taken,
  };
}

function read(
  { files, interest, selection = EVERYTHING, chunks }: Reading,
  reader: CompiledReader | null,
): { readonly outcome: Outcome; readonly taken: number } {
  const buffer: ArrayBufferLike = reader?.memory.buffer ?? new ArrayBuffer(FREE);
  // As new memory is.
  if (reader !== null) new Uint8Array(buffer, 0, USED).fill(0);
  const columns = columnsIn(buffer, 0, CAPACITY);
  const macs = new Float64Array(MOST_HOSTS);
  const recorder = createRecorder(
    columns,
    macs,
    interest,
    () => undefined,
    selection,
    reader === null ? null : fastMemory(reader, FREE),
  );
  const counted = recorder.fast === null ? null : counting(recorder.fast);
  const parser = createChainParser(
    recorder.sink,
    files.map((_, i) => `file ${i}`),
    counted?.fast ?? null,
  );
  const input = new Uint8Array(buffer, RING_BYTES, CHUNK);
  let turn = 0;
  for (const [part, file] of files.entries()) {
    if (part > 0) parser.next();
    for (let at = 0; at < file.length;) {
      const piece = file.subarray(at, at + Math.min(CHUNK, chunks[turn++ % chunks.length] ?? CHUNK));
      input.set(piece);
      parser.push(input.subarray(0, piece.length));
      at += piece.length;
    }
  }
  const end = endOf(parser.end(), recorder, selection, null);
  return { outcome: outcomeOf(columns, recorder, end), taken: counted?.taken() ?? 0 };
}

function counting(fast: FastReader): { readonly fast: FastReader; readonly taken: () => number } {
  let taken = 0;
  const count = (stop: number): number => {
    taken += fast.frames;
    return stop;
  };
  return {
    fast: {
      holds: (bytes) => fast.holds(bytes),
      isReady: () => fast.isReady(),
      pcap: (bytes, at, end, base, unit) => count(fast.pcap(bytes, at, end, base, unit)),
      pcapng: (bytes, at, end, base, perSecond, offset) => count(fast.pcapng(bytes, at, end, base, perSecond, offset)),
      get frames() {
        return fast.frames;
      },
    },
    taken: () => taken,
  };
}

function outcomeOf(columns: Columns, { state, macs, senders }: Recorder, end: FeedEnd): Outcome {
  const { time, offset, keyA, keyB, loose, destination, meta } = columns;
  return {
    columns: Object.fromEntries(
      Object.entries({ time, offset, keyA, keyB, loose, destination, meta }).map(([name, column]) => [
        name,
        [...column.subarray(0, state.head)],
      ]),
    ),
    macs: [...macs.subarray(0, senders())],
    spoke: [...state.spoke.subarray(0, senders() + 1)],
    times: [state.baseSeconds, state.head, state.aliveNs, state.firstNs, state.frames],
    end,
  };
}

function differenceOf(plain: Outcome, fast: Outcome): string | null {
  if (isDeepStrictEqual(plain, fast)) return null;
  for (const [name, values] of Object.entries(plain.columns))
    for (const [i, value] of values.entries())
      if (!Object.is(value, fast.columns[name]?.[i]))
        return `record ${i}: ${name} is ${fast.columns[name]?.[i] ?? 'not there'} instead of ${value}`;
  const pairs = [plain, fast].map(({ macs, spoke, times, end }) => JSON.stringify({ macs, spoke, times, end }));
  return `${pairs[1] ?? ''} instead of ${pairs[0] ?? ''}`;
}
