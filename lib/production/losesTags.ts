import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { LINK_TYPE } from '../pcap/linkType.js';
import { createCaptureParser } from '../pcap/parser.js';
import { isVlanTpid } from '../wire/ethernet.js';
import { packingOf } from './packing.js';

/** Enough for the headers and the first frame of any capture, also compressed. */
const HEAD_BYTES = 0x1_0000;

/**
 * Whether a capture is of a format in which VLAN tags are lost (SLL2, as libpcap 1.10 writes it), judged by its first frames: where one has a
 * tag, they are not. False for what cannot be looked at beforehand: standard input, pipes, zstd.
 */
export function losesTags(file: string): boolean {
  if (file === '-' || !statSync(file).isFile()) return false;
  const seen = { cooked: 0, tags: 0 };
  const parser = createCaptureParser({
    frame(bytes, start, captured, _original, _seconds, _nanos, linkType) {
      if (linkType !== LINK_TYPE.linuxSll2) return;
      seen.cooked++;
      // The first field of the header is the EtherType.
      if (captured >= 2 && isVlanTpid(((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0))) seen.tags++;
    },
  });
  parser.push(headOf(file));
  return seen.cooked > 0 && seen.tags === 0;
}

function headOf(file: string): Uint8Array {
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
