import { closeSync, openSync, readSync } from 'node:fs';
import { createLocalFeed, RING_FRAMES } from '../judge/captures/feed.js';
import type { Interest } from '../judge/captures/recorder.js';
import { CHUNK_BYTES } from './packing.js';
import { areSmall } from './readerThreads.js';
import { createWorkerFeeds, type CaptureFeeds, type CaptureSource } from './workerFeed.js';

/**
 * Feeds of captures. Plain files that are small together are read on this thread, as the judge wants them; all else by
 * other threads. The judgement is the same.
 * @param smallBytes all plain files together; SMALL_BYTES unless given
 */
export function createCaptureFeeds(
  sources: readonly CaptureSource[],
  interest: Interest,
  smallBytes?: number,
): CaptureFeeds {
  const isLocal = areSmall(
    sources.flatMap(({ isPlain, files }) => (isPlain ? files : [])),
    smallBytes,
  );
  const locals = sources.map((source) => (isLocal && source.isPlain ? createLocal(source, interest) : null));
  const workers = createWorkerFeeds(
    sources.filter((_source, i) => locals[i] === null),
    interest,
  );
  const others = workers.feeds.values();
  return {
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

function createLocal({ files, selection, hopsLess }: CaptureSource, interest: Interest) {
  const chunks = chunksOf(files);
  return {
    feed: createLocalFeed(
      chunks,
      hopsLess === undefined ? interest : { ...interest, hopsLess },
      RING_FRAMES,
      selection,
      files,
    ),
    close: () => void chunks.return(undefined),
  };
}

/** The bytes of plain files, each chunk in the place of the last one; null between two files. */
function* chunksOf(files: readonly string[]): Generator<Uint8Array | null, undefined> {
  const chunk = new Uint8Array(CHUNK_BYTES);
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
