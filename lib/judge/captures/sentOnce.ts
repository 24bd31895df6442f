import { LINK_WAY, mayBeOwnWay } from './content.js';
import type { Entries } from './entries.js';
import { createRecent, placesIn, type Recent } from './recent.js';
import { PAIRING } from './settings.js';
import { OWN_MEMORY } from './tableRoom.js';

/**
 * Frames that were sent once and on one leaf only, as far as was known when they were settled: a copy of one may come
 * to another leaf later.
 */
export interface SentOnce {
  readonly recent: Recent;
  /** By place of those: the record's offset; whether a copy was found, one is held, and how often it was said again. */
  readonly offsets: Float64Array;
  readonly copied: Uint8Array;
  /** By place: the first hash of the content as it was, and its way (`mayBeOwnWay`). */
  readonly exact: Int32Array;
  readonly to: Int32Array;
  /**
   * Of the frame at this place, which `leaf` alone had: the leaf that had this content shortly before, be it altered; or
   * -1 where none had, or only this one, or the host may have sent both: then the frame is remembered, but where its host
   * says it again and again. Allocates nothing.
   */
  before(place: number, leaf: number): number;
  /** Of the frame that `before` just found: when it came, ns, and its record's offset. */
  foundNs(): number;
  foundOffset(): number;
  /** Whether it was found before, by a copy on another leaf. */
  foundBefore(): boolean;
  /** Whether it differs. */
  foundAltered(): boolean;
  /**
   * Whether another leaf had it, and its host may have sent it twice; `isOften` where it says it again and again,
   * `isOfLink` where it may say it in several VLANs, and no capture tells of them.
   */
  isOwn(): boolean;
  isOften(): boolean;
  isOfLink(): boolean;
  /**
   * Whether another leaf had the same more than 50 ms before, and its host was not known to say it again; and whether
   * that was said of this content and is refuted, as it came a third time.
   */
  isLater(): boolean;
  isThird(): boolean;
  /** Whether copies of what its host says again and again may be held. */
  endsHold(): boolean;
  /**
   * Whether a leaf other than `leaf` had this content within 50 ms of `ns`: its way, and whether its host says it again
   * and again. Null where none had.
   */
  nearest(
    a: number,
    b: number,
    ns: number,
    leaf: number,
  ): { readonly way: number; readonly isRepeated: boolean } | null;
  /** Of a frame that several leaves had at once; `leaf` had it first. It is remembered. */
  several(place: number, leaf: number): void;
}

/** Frames that are remembered: four times as many, which is all of 50 ms at 300,000 frames a second. */
const SETS = 0x1000;
/** Bits of `copied`, and what counts there how often one leaf had the same again, each time within 50 ms. */
const COPIED = 1;
const HELD = 2;
const AGAIN = 4;
/** It was on another leaf more than 50 ms later; and said a third time. */
const LATER = 16;
const OFTEN_LATER = 32;
const LATER_BITS = LATER | OFTEN_LATER;
/** What doubles each frame says it once more; only a host says it more often. */
const OFTEN = 2 * AGAIN;

export function createSentOnce(
  entries: Pick<Entries, 'keyA' | 'keyB' | 'loose' | 'destination' | 'times' | 'offsets' | 'copies' | 'leaves'>,
  room = OWN_MEMORY,
): SentOnce {
  const recent = createRecent(SETS, room);
  const { where, when } = recent;
  const offsets = room.numbers(placesIn(SETS));
  const copied = room.bytes(placesIn(SETS));
  const exact = room.words(placesIn(SETS));
  const to = room.words(placesIn(SETS));
  let found = 0;
  let isKnown = false;
  let isAltered = false;
  let isOwn = false;
  let isOften = false;
  let isOfLink = false;
  let endsHold = false;
  let isLater = false;
  let isThird = false;

  const keyOf = (place: number): number => (entries.loose[place] as number) || (entries.keyA[place] as number);

  function isNear(ns: number): boolean {
    return found >= 0 && Math.abs(ns - (when[found] as number)) <= PAIRING.pairNs;
  }

  const isOfLinkAt = (place: number): boolean => entries.destination[place] === LINK_WAY;

  /** One leaf had it again: how often that was. */
  function again(bits: number): number {
    const times = Math.min(OFTEN, (bits & ~(COPIED | HELD | LATER_BITS)) + AGAIN);
    isOften = times === OFTEN;
    endsHold = isOften && (bits & HELD) !== 0;
    return times | (bits & (HELD | LATER_BITS));
  }

  /** Of content that was there more than 50 ms before: its bits from now on. */
  function later(place: number, leaf: number): number {
    const known = copied[found] as number;
    const bits = known & LATER_BITS;
    const after = (entries.times[place * entries.leaves + leaf] as number) - (when[found] as number);
    if (after <= 0 || after > PAIRING.lateNs) return 0;
    if ((known & OFTEN_LATER) !== 0) return bits;
    if (bits !== 0) {
      isThird = true;
      return LATER_BITS;
    }
    // What its host says again and again, it may say on each of its legs.
    if (where[found] === leaf || known >= AGAIN || exact[found] !== entries.keyA[place]) return bits;
    isLater = true;
    return LATER;
  }

  function keep(place: number, leaf: number, bits: number): void {
    const kept = recent.keep(found, keyOf(place), entries.keyB[place] as number);
    const cell = place * entries.leaves + leaf;
    where[kept] = leaf;
    when[kept] = entries.times[cell] as number;
    offsets[kept] = entries.offsets[cell] as number;
    copied[kept] = bits;
    exact[kept] = entries.keyA[place] as number;
    to[kept] = entries.destination[place] as number;
  }

  return {
    recent,
    offsets,
    copied,
    exact,
    to,
    before(place, leaf) {
      found = recent.find(keyOf(place), entries.keyB[place] as number);
      isOwn = isOften = isOfLink = endsHold = isLater = isThird = false;
      let bits = 0;
      if (isNear(entries.times[place * entries.leaves + leaf] as number)) {
        const known = copied[found] as number;
        if (where[found] === leaf) bits = again(known);
        else {
          isKnown = (known & COPIED) !== 0;
          isAltered = exact[found] !== entries.keyA[place];
          isOften = (known & ~LATER_BITS) >= OFTEN;
          isOfLink = !isOften && isOfLinkAt(place);
          isOwn =
            isOften ||
            isOfLink ||
            (isAltered && mayBeOwnWay(to[found] as number, entries.destination[place] as number));
          if (isOften) return -1;
          if (!isOwn) {
            copied[found] = known | COPIED | HELD;
            return (where[found] as number) | 0;
          }
        }
      } else if (found >= 0) bits = later(place, leaf);
      keep(place, leaf, bits);
      return -1;
    },
    foundNs: () => when[found] ?? 0,
    foundOffset: () => offsets[found] ?? 0,
    foundBefore: () => isKnown,
    foundAltered: () => isAltered,
    isOwn: () => isOwn,
    isOften: () => isOften,
    isOfLink: () => isOfLink,
    endsHold: () => endsHold,
    isLater: () => isLater,
    isThird: () => isThird,
    nearest(a, b, ns, leaf) {
      const at = recent.find(a, b);
      if (at < 0 || where[at] === leaf || Math.abs(ns - (when[at] as number)) > PAIRING.pairNs) return null;
      return { way: to[at] as number, isRepeated: ((copied[at] as number) & ~LATER_BITS) >= OFTEN };
    },
    several(place, leaf) {
      found = recent.find(keyOf(place), entries.keyB[place] as number);
      isOften = endsHold = false;
      isOfLink = isOfLinkAt(place);
      let bits = 0;
      if (isNear(entries.times[place * entries.leaves + leaf] as number)) {
        const known = copied[found] as number;
        const cell = place * entries.leaves + (where[found] as number);
        bits = (entries.copies[cell] as number) > 0 ? again(known) : known;
      }
      isOwn = isOften;
      if (isOfLink) isOwn = true;
      keep(place, leaf, bits | COPIED | HELD);
    },
  };
}
