import { eachOption } from './interfaceBlock.js';

type Word = (bytes: Uint8Array, at: number) => number;

/** Collects the counts of lost frames in a pcapng file. */
export interface DropCounter {
  /**
   * Statistics options of an interface: totals, of which the greatest counts. What was lost is not found again where a
   * counter began anew. False when an option runs over.
   */
  statistics(iface: number, bytes: Uint8Array, at: number, end: number, word: Word, bigEndian: boolean): boolean;
  /** Options of an enhanced packet, of which epb_dropcount matters. False when one runs over. */
  options(bytes: Uint8Array, at: number, end: number, word: Word, bigEndian: boolean): boolean;
  /** Drops before an obsolete packet block; 0xffff = unknown. */
  packet(count: number): void;
  /**
   * Null when the file has no count. Interface totals and counts at packets are about the same losses, so the greater
   * is taken.
   */
  total(): number | null;
}

export function createDropCounter(): DropCounter {
  const byInterface = new Map<number, number>();
  let atPackets = 0;
  let known = false;
  return {
    statistics(iface, bytes, at, end, word, bigEndian) {
      const counts: number[] = [];
      const whole = eachOption(bytes, at, end, word, bigEndian, (code, value, length) => {
        // isb_ifdrop and isb_osdrop
        if ((code !== 5 && code !== 7) || length !== 8) return;
        const count = word64(bytes, value, word, bigEndian);
        if (count === ALL_ONES) return;
        counts.push(count);
      });
      if (counts.length > 0)
        byInterface.set(
          iface,
          Math.max(
            byInterface.get(iface) ?? 0,
            counts.reduce((sum, count) => sum + count, 0),
          ),
        );
      return whole;
    },
    options(bytes, at, end, word, bigEndian) {
      return eachOption(bytes, at, end, word, bigEndian, (code, value, length) => {
        if (code !== 4 || length !== 8) return;
        known = true;
        atPackets += word64(bytes, value, word, bigEndian);
      });
    },
    packet(count) {
      if (count === 0xffff) return;
      known = true;
      atPackets += count;
    },
    total() {
      if (byInterface.size === 0) return known ? atPackets : null;
      let sum = 0;
      for (const count of byInterface.values()) sum += count;
      return Math.max(sum, atPackets);
    },
  };
}

/** 2^64 - 1 as the nearest number: "not known". */
const ALL_ONES = 0xffffffff * 0x1_0000_0000 + 0xffffffff;

function word64(bytes: Uint8Array, at: number, word: Word, bigEndian: boolean): number {
  const first = word(bytes, at);
  const second = word(bytes, at + 4);
  return bigEndian ? first * 0x1_0000_0000 + second : second * 0x1_0000_0000 + first;
}
