import { createCaptureParser } from '../parser.js';
import type { CaptureSummary } from '../types.js';

export interface CollectedFrame {
  readonly seconds: number;
  readonly nanos: number;
  readonly hex: string;
  readonly original: number;
  readonly linkType: number;
  readonly iface: number;
  readonly offset: number;
}

export interface Collected {
  readonly frames: readonly CollectedFrame[];
  readonly summary: CaptureSummary;
}

/** Parses `bytes`, cut at the given places, and keeps everything. */
export function collect(bytes: Uint8Array, cuts: readonly number[] = []): Collected {
  const frames: CollectedFrame[] = [];
  const parser = createCaptureParser({
    frame(chunk, start, captured, original, seconds, nanos, linkType, iface, offset) {
      frames.push({
        seconds,
        nanos,
        hex: Buffer.from(chunk.subarray(start, start + captured)).toString('hex'),
        original,
        linkType,
        iface,
        offset,
      });
    },
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A copy: a reader that runs past its chunk must not find the rest of the file there.
    parser.push(bytes.slice(from, cut));
    from = cut;
  }
  return { frames, summary: parser.end() };
}
