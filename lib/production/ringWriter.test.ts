import { expect, test } from '@playwright/test';
import { CORPUS_HOST, ownCaptures } from '../fuzz/corpus.js';
import { RING_FRAMES, type FeedEnd } from '../judge/captures/feed.js';
import { macNumber } from '../judge/read/macs.js';
import { createRingWriter } from './ringWriter.js';
import { createSharedRing, ENDED, SEQUENCE, TURNS, WORDS_PER_TURN, type SharedRing } from './sharedRing.js';

const interest = { hosts: [macNumber(CORPUS_HOST)], isAuto: false, leaves: [] };

function capture(): Uint8Array {
  const found = ownCaptures().find(({ name }) => name === 'pcap');
  if (found === undefined) throw new Error('no pcap in the corpus');
  return found.files[0];
}

/** Records that the judge has been told of. */
function saidHead({ control, said }: SharedRing): number {
  return said[((control[SEQUENCE] ?? 0) & (TURNS - 1)) * WORDS_PER_TURN] ?? 0;
}

test('the last records are said before the end is', () => {
  const ring = createSharedRing(RING_FRAMES);
  const ends: FeedEnd[] = [];
  const heads: number[] = [];
  const writer = createRingWriter(
    {
      files: ['a.pcap'],
      selection: { by: 'everything' },
      buffer: ring.buffer,
      port: {
        postMessage(end: FeedEnd) {
          expect(ring.control[ENDED]).toBe(0);
          heads.push(saidHead(ring));
          ends.push(end);
        },
      },
    },
    interest,
  );
  writer.take(capture());
  expect(saidHead(ring)).toBe(0);
  writer.finish(null);
  expect(ring.control[ENDED]).toBe(1);
  expect(ends).toHaveLength(1);
  expect(heads[0]).toBeGreaterThan(30);
  expect(saidHead(ring)).toBe(heads[0]);
});
