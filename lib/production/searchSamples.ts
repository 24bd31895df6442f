import { closeSync, openSync, readSync } from 'node:fs';
import { SAMPLE_SORTS, sampleKey, type SampleSets, type SampleSort } from '../judge/captures/align.js';
import { BYTES_PER_FRAME, columnsIn } from '../judge/captures/columns.js';
import { createRecorder, type Interest } from '../judge/captures/recorder.js';
import type { Selection } from '../judge/captures/selection.js';
import type { Samples } from '../judge/captures/samples.js';
import { MOST_HOSTS } from '../judge/captures/settings.js';
import { createChainParser } from '../pcap/chain.js';
import { CHUNK_BYTES } from './packing.js';

const RING = 0x1000;
const MOST_SAMPLES = 0x8000;

/**
 * Samples of a whole file, thinned out by content so that two captures keep the same ones: for clocks that are further
 * apart than the beginnings of the captures show.
 */
export function searchSamples(files: readonly string[], interest: Interest, selection: Selection): SampleSets {
  const columns = columnsIn(new ArrayBuffer(RING * BYTES_PER_FRAME), 0, RING);
  const sieves = SAMPLE_SORTS.map((sort) => ({ sort, sieve: createSieve() }));
  let tail = 0;
  const drain = (head: number): void => {
    for (; tail !== head; tail = (tail + 1) | 0) {
      const at = tail & (RING - 1);
      for (const { sort, sieve } of sieves) {
        const key = sampleKey(columns, at, sort);
        if (key !== null) sieve.add(columns.time[at] ?? 0, key);
      }
    }
  };
  const room = (head: number): void => {
    if (((head - tail) | 0) >= RING - 1) drain(head);
  };
  const { sink, state } = createRecorder(columns, new Float64Array(MOST_HOSTS), interest, room, selection);
  const parser = createChainParser(sink, files);
  const chunk = new Uint8Array(CHUNK_BYTES);
  files.forEach((file, part) => {
    if (part > 0) parser.next();
    const descriptor = openSync(file, 'r');
    try {
      for (
        let size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
        size > 0 && !parser.isDamaged();
        size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null)
      )
        parser.push(chunk.subarray(0, size));
    } finally {
      closeSync(descriptor);
    }
  });
  parser.end();
  drain(state.head);
  return Object.fromEntries(
    sieves.map(({ sort, sieve }) => [sort, { ...sieve.samples(), fromNs: state.firstNs, toNs: state.aliveNs }]),
  ) as Record<SampleSort, Samples>;
}

interface Sieve {
  add(time: number, key: number): void;
  samples(): Pick<Samples, 'time' | 'key'>;
}

/** Keeps the contents whose key is a multiple of a number that grows as they come. */
function createSieve(): Sieve {
  let keep = 1;
  let time: number[] = [];
  let key: number[] = [];
  return {
    add(at, number) {
      if (number % keep !== 0) return;
      time.push(at);
      key.push(number);
      if (key.length < MOST_SAMPLES) return;
      keep *= 2;
      const kept = key.flatMap((other, i) => (other % keep === 0 ? [i] : []));
      time = kept.map((i) => time[i] ?? 0);
      key = kept.map((i) => key[i] ?? 0);
    },
    samples: () => ({ time, key }),
  };
}
