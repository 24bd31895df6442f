import { createRecent, placesIn, type Recent } from './recent.js';
import { PAIRING } from './settings.js';
import { OWN_MEMORY } from './tableRoom.js';

/**
 * Frames that were sent once and on one leaf only, as far as was known when they were settled: a copy of one may come
 * to another leaf later.
 */
export interface SentOnce {
  readonly recent: Recent;
  /** By place of those: the record's offset, and whether a copy was found. */
  readonly offsets: Float64Array;
  readonly copied: Uint8Array;
  /** By place: the first hash of the content as it was. */
  readonly exact: Int32Array;
  /**
   * The leaf that had this content shortly before, be it altered; or -1 where none had, or only this one, and the frame
   * is remembered. When it came, ns, and its record's offset stand at `at`. Allocates nothing.
   * @param a first hash of the content
   * @param loose of what an altered copy keeps, as `b` is then, too; 0 = nothing
   */
  before(
    a: number,
    b: number,
    loose: number,
    leaf: number,
    times: Float64Array,
    recordOffsets: Float64Array,
    at: number,
  ): number;
  /** Of the frame that `before` just found: when it came, ns, and its record's offset. */
  foundNs(): number;
  foundOffset(): number;
  /** Whether it was found before, by a copy on another leaf. */
  foundBefore(): boolean;
  /** Whether it differs. */
  foundAltered(): boolean;
}

/** Frames that are remembered: four times as many, which is all of 50 ms at 300,000 frames a second. */
const SETS = 0x1000;

export function createSentOnce(room = OWN_MEMORY): SentOnce {
  const recent = createRecent(SETS, room);
  const { where, when } = recent;
  const offsets = room.numbers(placesIn(SETS));
  const copied = room.bytes(placesIn(SETS));
  const exact = room.words(placesIn(SETS));
  let found = 0;
  let isKnown = false;
  let isAltered = false;
  return {
    recent,
    offsets,
    copied,
    exact,
    before(a, b, loose, leaf, times, recordOffsets, at) {
      const ns = times[at] as number;
      const key = loose === 0 ? a : loose;
      found = recent.find(key, b);
      if (found >= 0 && where[found] !== leaf && Math.abs(ns - (when[found] as number)) <= PAIRING.pairNs) {
        isKnown = copied[found] !== 0;
        isAltered = exact[found] !== a;
        copied[found] = 1;
        return (where[found] as number) | 0;
      }
      const place = recent.keep(found, key, b);
      where[place] = leaf;
      when[place] = ns;
      offsets[place] = recordOffsets[at] as number;
      copied[place] = 0;
      exact[place] = a;
      return -1;
    },
    foundNs: () => when[found] ?? 0,
    foundOffset: () => offsets[found] ?? 0,
    foundBefore: () => isKnown,
    foundAltered: () => isAltered,
  };
}
