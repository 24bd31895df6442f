import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { packingOf } from './packing.js';

/** Enough for the headers and the first frame of any capture, also compressed. */
const HEAD_BYTES = 0x1_0000;

/** The first bytes of a capture, decompressed where Node can do so at once; empty where it cannot. */
export function headOf(file: string): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    const bytes = head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
    const packing = packingOf(bytes);
    if (packing === 'none') return bytes;
    // A bomb in so few bytes still has some megabytes: no more than a few are unpacked.
    return packing === 'gzip'
      ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 0x400_0000 })
      : new Uint8Array(0);
  } catch {
    // What is wrong with it is said by whoever reads it whole.
    return new Uint8Array(0);
  } finally {
    closeSync(descriptor);
  }
}
