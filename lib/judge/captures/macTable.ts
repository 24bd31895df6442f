import { OWN_MEMORY, type TableRoom } from './tableRoom.js';

/**
 * Numbers MACs from 1, in the order they are added. Open addressing; 48-bit MACs as two words. Allocates nothing on
 * look-up.
 */
export interface MacTable {
  /** Number of the MAC, or 0. */
  find(high: number, low: number): number;
  /** Number of the MAC, which is new or not; 0 when the table is full. */
  add(high: number, low: number): number;
  size(): number;
  /** Its slots, for code that looks a MAC up as `find` does. */
  readonly slots: MacSlots;
}

export interface MacSlots {
  readonly highs: Int32Array;
  readonly lows: Int32Array;
  /** 0 = the slot is empty. */
  readonly numbers: Int32Array;
  /** Slots less one. */
  readonly mask: number;
}

/** `numbers[i]` receives the MAC with number i + 1, as one number. */
export function createMacTable(capacity: number, numbers: Float64Array, room: TableRoom = OWN_MEMORY): MacTable {
  let slots = 16;
  while (slots < 2 * capacity) slots *= 2;
  const mask = slots - 1;
  const highs = room.words(slots);
  const lows = room.words(slots);
  const found = room.words(slots);
  let size = 0;
  const slotOf = (high: number, low: number): number => {
    let at = (Math.imul(low ^ (high << 7), 0x9e3779b1) >>> 8) & mask;
    while (found[at] !== 0 && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & mask;
    return at;
  };
  return {
    find: (high, low) => found[slotOf(high | 0, low | 0)] ?? 0,
    add(high, low) {
      const at = slotOf(high | 0, low | 0);
      const known = found[at] ?? 0;
      if (known !== 0) return known;
      if (size === capacity) return 0;
      highs[at] = high | 0;
      lows[at] = low | 0;
      numbers[size] = high * 0x1_0000_0000 + (low >>> 0);
      return (found[at] = ++size);
    },
    size: () => size,
    slots: { highs, lows, numbers: found, mask },
  };
}
