import { OWN_MEMORY } from './tableRoom.js';

/**
 * Contents that were there shortly before, in memory of one size: in each of its sets the latest few. Allocates
 * nothing.
 */
export interface Recent {
  /** Place of this content, or -1. */
  find(a: number, b: number): number;
  /**
   * Keeps it at its place, or instead of the oldest of its set where that is -1. Returns the place, whose `where` and
   * `when` the caller sets: a number that is not whole would be allocated to be handed over.
   */
  keep(place: number, a: number, b: number): number;
  /** By place: on which interface or leaf, and when, ns. */
  readonly where: Float64Array;
  readonly when: Float64Array;
  readonly keyA: Int32Array;
  readonly keyB: Int32Array;
}

const WAYS = 4;

/** @param sets a power of two; each takes four contents, 24 bytes each */
export function createRecent(sets: number, room = OWN_MEMORY): Recent {
  const keyA = room.words(sets * WAYS);
  const keyB = room.words(sets * WAYS);
  const where = room.numbers(sets * WAYS);
  const when = room.numbers(sets * WAYS).fill(-Infinity);
  const firstOf = (a: number): number => (a & (sets - 1)) * WAYS;
  return {
    where,
    when,
    keyA,
    keyB,
    find(a, b) {
      const first = firstOf(a);
      for (let at = first; at < first + WAYS; at++) if (keyA[at] === a && keyB[at] === b) return at;
      return -1;
    },
    keep(known, a, b) {
      let at = known;
      if (at < 0) {
        at = firstOf(a);
        for (let other = at + 1; other < firstOf(a) + WAYS; other++)
          if ((when[other] as number) < (when[at] as number)) at = other;
      }
      keyA[at] = a;
      keyB[at] = b;
      return at;
    },
  };
}

/** Places that a table of so many sets has. */
export function placesIn(sets: number): number {
  return sets * WAYS;
}
