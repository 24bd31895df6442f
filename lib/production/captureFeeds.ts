import { closeSync, openSync, readSync } from 'node:fs';
import { BYTES_PER_FRAME, columnsIn } from '../judge/captures/columns.js';
import { createLocalFeed, RING_FRAMES } from '../judge/captures/feed.js';
import type { FastMatching } from '../judge/captures/fastMatching.js';
import type { Interest } from '../judge/captures/recorder.js';
import { compiledFor, fastMemory, type JudgeMemory } from './compiledReader.js';
import { CHUNK_BYTES } from './packing.js';
import { areSmall, ownShare } from './readerThreads.js';
import { createWorkerFeeds, type CaptureFeeds, type CaptureSource } from './workerFeed.js';

/** Feeds, and what pairs their frames; null where that was not built. */
export interface PairedFeeds extends CaptureFeeds {
  readonly matching: FastMatching | null;
}

/**
 * Feeds of captures. Plain files that are small together are read on this thread, as the judge wants them; of others
 * this thread reads its share, and other threads the rest. The judgement is the same.
 * @param smallBytes all plain files together; SMALL_BYTES unless given
 * @param memory of judgements before this one; a new one unless given
 */
export function createCaptureFeeds(
  captures: readonly Omit<CaptureSource, 'compiled'>[],
  interest: Interest,
  smallBytes?: number,
  memory?: JudgeMemory,
): PairedFeeds {
  const compiled = compiledFor(captures.length, memory);
  const sources = captures.map((capture, i): CaptureSource => ({ ...capture, compiled: compiled?.readers[i] ?? null }));
  const plain = sources.filter(({ isPlain }) => isPlain);
  const isSmall = areSmall(
    plain.flatMap(({ files }) => files),
    smallBytes,
  );
  const own = new Set(plain.slice(0, isSmall ? plain.length : ownShare(plain.length)));
  const locals = sources.map((source) => (own.has(source) ? createLocal(source, interest) : null));
  const workers = createWorkerFeeds(
    sources.filter((_source, i) => locals[i] === null),
    interest,
  );
  const others = workers.feeds.values();
  return {
    matching: compiled?.matching ?? null,
    feeds: locals.map((local) => {
      const feed = local?.feed ?? others.next().value;
      if (feed === undefined) throw new RangeError('a capture without a feed');
      return feed;
    }),
    async close() {
      for (const local of locals) local?.close();
      await workers.close();
    },
  };
}

function createLocal({ files, selection, hopsLess, compiled }: CaptureSource, interest: Interest) {
  const own = hopsLess === undefined ? interest : { ...interest, hopsLess };
  if (compiled === null) {
    const chunks = chunksOf(files, new Uint8Array(CHUNK_BYTES));
    return {
      feed: createLocalFeed(chunks, own, RING_FRAMES, selection, files),
      close: () => void chunks.return(undefined),
    };
  }
  // As the tables come after them, the ring and the chunk are in the reader's memory.
  const { buffer } = compiled.memory;
  const columns = columnsIn(buffer, compiled.at, RING_FRAMES);
  const free = compiled.at + RING_FRAMES * BYTES_PER_FRAME;
  const chunks = chunksOf(files, new Uint8Array(buffer, free, CHUNK_BYTES));
  return {
    feed: createLocalFeed(chunks, own, RING_FRAMES, selection, files, {
      columns,
      memory: fastMemory(compiled, free + CHUNK_BYTES),
    }),
    close: () => void chunks.return(undefined),
  };
}

/** The bytes of plain files, each chunk in the place of the last one; null between two files. */
function* chunksOf(files: readonly string[], chunk: Uint8Array): Generator<Uint8Array | null, undefined> {
  for (const [part, file] of files.entries()) {
    if (part > 0) yield null;
    const descriptor = openSync(file, 'r');
    try {
      for (;;) {
        const size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
        if (size === 0) break;
        yield chunk.subarray(0, size);
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
