import { createCaptureParser } from '../pcap/parser.js';
import { headOf } from './head.js';

/** When the first frame of a capture file was stamped, s since the epoch; null where its beginning holds none. */
export function firstStamp(file: string): number | null {
  let first: number | null = null;
  const parser = createCaptureParser({
    frame(_bytes, _start, _captured, _original, seconds, nanos) {
      first ??= seconds + nanos / 1e9;
    },
  });
  parser.push(headOf(file));
  return first;
}
