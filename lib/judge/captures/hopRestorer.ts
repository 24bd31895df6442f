import { MAX_FRAME } from '../../pcap/limits.js';
import type { Classification } from '../../wire/classify.js';
import type { HopsLess } from './alike.js';

/** Puts back what a vantage took off the hop limit. */
export interface HopRestorer {
  /** The frame as it was, after `restore` said that there was something to put back. */
  readonly bytes: Uint8Array;
  restore(source: Uint8Array, from: number, length: number, found: Classification): boolean;
}

export function createHopRestorer({ ipv4, ipv6 }: HopsLess): HopRestorer {
  const bytes = new Uint8Array(MAX_FRAME);
  return {
    bytes,
    restore(source, from, length, { etherType, bodyStart, bodyLength }) {
      const is4 = etherType === 0x0800;
      if (is4 ? !ipv4 : etherType !== 0x86dd || !ipv6) return false;
      if (bodyLength < (is4 ? 20 : 40) || length > bytes.length) return false;
      const at = bodyStart - from;
      const hop = source[bodyStart + (is4 ? 8 : 7)] as number;
      if (hop === 255) return false;
      bytes.set(source.subarray(from, from + length));
      if (!is4) {
        bytes[at + 7] = hop + 1;
        return true;
      }
      bytes[at + 8] = hop + 1;
      // RFC 1624: the header's checksum moves by as much, in one's complement.
      const sum = ((source[bodyStart + 10] as number) << 8) | (source[bodyStart + 11] as number);
      const moved = sum >= 0x0100 ? sum - 0x0100 : sum - 0x0100 + 0xffff;
      bytes[at + 10] = moved >>> 8;
      bytes[at + 11] = moved & 0xff;
      return true;
    },
  };
}
