import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { HopsLess } from '../judge/captures/alike.js';
import { RING_FRAMES, type Feed, type FeedEnd } from '../judge/captures/feed.js';
import type { Interest } from '../judge/captures/recorder.js';
import { EVERYTHING, type Selection } from '../judge/captures/selection.js';
import { createBell, ring, type Bell } from './bell.js';
import type { ReaderTask } from './captureWorker.js';
import type { CompiledReader } from './compiledReader.js';
import { readersFor, takeReader } from './readerThreads.js';
import {
  createSharedRing,
  ENDED,
  JUDGE_WAITS,
  SEQUENCE,
  STARTED,
  STOP,
  TAIL,
  TURNS,
  WORDS_PER_TURN,
  type SharedRing,
} from './sharedRing.js';

/** Feeds in the order of their captures. */
export interface CaptureFeeds {
  readonly feeds: readonly Feed[];
  /** Ends whatever still reads. */
  close(): Promise<void>;
}

export interface CaptureSource {
  /** Paths of files that are read as one, or `-`. */
  readonly files: readonly string[];
  readonly selection: Selection;
  /** A regular file that is not compressed. */
  readonly isPlain: boolean;
  /** What is put back on hop limits. */
  readonly hopsLess?: HopsLess;
  /** Reads what is plain; null where it was not built. */
  readonly compiled: CompiledReader | null;
}

/** Records that are taken before the reader is told: telling costs more than taking. */
const RELEASE_FRAMES = 16_384;
/**
 * How often a silent thread is looked after, and how long it may be silent while it starts or reads a file from a disk,
 * ms. A stream may be silent for ever.
 */
const SILENCE_MS = 1_000;
const LONGEST_SILENCE_MS = 30_000;

/**
 * Feeds that other threads fill. Plain files share as many threads as there are cores; a stream may come late or never
 * and has one of its own.
 */
export function createWorkerFeeds(sources: readonly CaptureSource[], interest: Interest): CaptureFeeds {
  const plain = sources.flatMap(({ isPlain }, i) => (isPlain ? [i] : []));
  const readers = readersFor(plain.length);
  const shares = Array.from({ length: readers }, (_, share) => ({
    isStream: false,
    places: plain.filter((_place, i) => i % readers === share),
  }));
  const streams = sources.flatMap(({ isPlain }, i) => (isPlain ? [] : [{ isStream: true, places: [i] }]));
  const feeds: RingFeed[] = [];
  const workers = [...shares, ...streams].map(({ isStream, places }) => {
    const bell = createBell();
    const worker = takeReader();
    const captures = places.map((place) => {
      const source: CaptureSource = sources[place] ?? {
        files: [],
        isPlain: false,
        selection: EVERYTHING,
        compiled: null,
      };
      const { port1, port2 } = new MessageChannel();
      const { files, selection, hopsLess, compiled } = source;
      const shared = createSharedRing(RING_FRAMES, compiled?.memory.buffer, compiled?.at);
      feeds[place] = createRingFeed(source, shared, port1, bell);
      return {
        files,
        selection,
        buffer: shared.buffer,
        port: port2,
        ...(compiled === null ? {} : { compiled }),
        ...(hopsLess === undefined ? {} : { hopsLess }),
      };
    });
    const task: ReaderTask = { captures, isStream, interest, bell };
    worker.postMessage(
      task,
      captures.map(({ port }) => port),
    );
    return worker;
  });
  return {
    feeds,
    async close() {
      // Threads that have read everything have ended by themselves.
      if (feeds.every((feed) => feed.end !== null)) return;
      for (const feed of feeds) feed.stop();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

interface RingFeed extends Feed {
  stop(): void;
}

function createRingFeed(
  { files: [file = ''], isPlain }: CaptureSource,
  shared: SharedRing,
  port: MessagePort,
  bell: Bell,
): RingFeed {
  const { control, said } = shared;
  let heard = 0;
  let released = 0;
  let silent = 0;

  const feed: RingFeed = {
    columns: shared.columns,
    macs: shared.macs,
    baseSeconds: -1,
    firstNs: Infinity,
    head: 0,
    tail: 0,
    aliveNs: -Infinity,
    end: null,
    advance() {
      if (feed.end !== null) return;
      tell();
      let sequence = Atomics.load(control, SEQUENCE);
      while (sequence === heard) {
        if (Atomics.load(control, ENDED) !== 0) break;
        Atomics.store(control, JUDGE_WAITS, 1);
        const woken = Atomics.wait(control, SEQUENCE, heard, SILENCE_MS);
        silent = woken === 'timed-out' ? silent + SILENCE_MS : 0;
        if (silent >= LONGEST_SILENCE_MS && (isPlain || Atomics.load(control, STARTED) === 0))
          throw new Error(`the thread that reads ${file} said nothing for ${LONGEST_SILENCE_MS / 1_000} s`);
        sequence = Atomics.load(control, SEQUENCE);
      }
      Atomics.store(control, JUDGE_WAITS, 0);
      listen(sequence);
      if (Atomics.load(control, ENDED) === 0) return;
      // The last word may have come after the one that was just heard.
      listen(Atomics.load(control, SEQUENCE));
      const message = receiveMessageOnPort(port) as { readonly message: FeedEnd } | undefined;
      if (message === undefined) throw new Error(`the thread that reads ${file} ended without a word`);
      feed.end = message.message;
      port.close();
    },
    release() {
      if (((feed.tail - released) | 0) >= RELEASE_FRAMES) tell();
    },
    stop() {
      Atomics.store(control, STOP, 1);
      feed.tail = feed.head;
      tell();
      port.close();
    },
  };

  function tell(): void {
    if (released === feed.tail) return;
    released = feed.tail;
    Atomics.store(control, TAIL, released);
    ring(bell);
  }

  function listen(first: number): void {
    for (let sequence = first; ;) {
      const at = (sequence & (TURNS - 1)) * WORDS_PER_TURN;
      const [head, alive, begin, base] = [said[at] ?? 0, said[at + 1] ?? 0, said[at + 2] ?? 0, said[at + 3] ?? 0];
      const now = Atomics.load(control, SEQUENCE);
      // Overtaken while reading: the place may have been written again.
      if (((now - sequence) | 0) >= TURNS - 1) {
        sequence = now;
        continue;
      }
      heard = sequence;
      if (sequence === 0) return;
      feed.head = head;
      feed.aliveNs = alive;
      feed.firstNs = begin;
      feed.baseSeconds = base;
      return;
    }
  }

  return feed;
}
