import { closeSync, openSync, readSync } from 'node:fs';
import { keyNumber } from '../../judge/captures/align.js';
import { BYTES_PER_FRAME, columnsIn, NEIGHBOR } from '../../judge/captures/columns.js';
import type { Samples } from '../../judge/captures/estimate.js';
import { createRecorder, type Interest } from '../../judge/captures/recorder.js';
import { MOST_HOSTS } from '../../judge/captures/settings.js';
import { createCaptureParser } from '../../pcap/parser.js';
import { CHUNK_BYTES } from './packing.js';

const RING = 0x1000;
const MOST_SAMPLES = 0x8000;

/**
 * Neighbor frames of a whole file, thinned out by content so that two captures keep the same ones: for clocks that are further apart than
 * the beginnings of the captures show.
 */
export function searchSamples(file: string, interest: Interest): Samples {
  const columns = columnsIn(new ArrayBuffer(RING * BYTES_PER_FRAME), 0, RING);
  let tail = 0;
  let keep = 1;
  let time: number[] = [];
  let key: number[] = [];
  const drain = (head: number): void => {
    for (; tail !== head; tail = (tail + 1) | 0) {
      const at = tail & (RING - 1);
      if (((columns.meta[at] ?? 0) & NEIGHBOR) === 0) continue;
      const number = keyNumber(columns.keyA[at] ?? 0, columns.keyB[at] ?? 0);
      if (number % keep !== 0) continue;
      time.push(columns.time[at] ?? 0);
      key.push(number);
      if (key.length < MOST_SAMPLES) continue;
      keep *= 2;
      const kept = key.flatMap((other, i) => (other % keep === 0 ? [i] : []));
      time = kept.map((i) => time[i] ?? 0);
      key = kept.map((i) => key[i] ?? 0);
    }
  };
  const { sink, state } = createRecorder(columns, new Float64Array(MOST_HOSTS), interest, (head) => {
    if (((head - tail) | 0) >= RING - 1) drain(head);
  });
  const parser = createCaptureParser(sink);
  const descriptor = openSync(file, 'r');
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null); size > 0 && !parser.isDamaged(); size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null)) parser.push(chunk.subarray(0, size));
  } finally {
    closeSync(descriptor);
  }
  parser.end();
  drain(state.head);
  return { time, key };
}
