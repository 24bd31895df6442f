import { some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { doubtOf } from './doubt.js';
import { isOfLink } from './content.js';
import type { Entries } from './entries.js';
import { PAIRING } from './settings.js';
import { OWN_MEMORY, type TableRoom } from './tableRoom.js';

/**
 * Frames that every leaf had as it should, and at nearly the same moment once more with other VLAN tags. Each of both is
 * a good frame by itself. A host with one address in two VLANs says so much, and so does something that copies frames
 * from one VLAN into another.
 */
export interface Retagged {
  /**
   * Of the neighbor frame at this place. `isJudged`: it was on every leaf once; else the profile does not judge it.
   * Returns whether it is such a pair's second one. Allocates nothing but for a new sender.
   */
  note(place: number, who: number, isJudged: boolean): boolean;
  /** What is remembered: one frame at each place, found by what it is without tags. */
  readonly tables: RetaggedTables;
  /** Senders that `isHost` refuses are left out. */
  findings(isHost: (sender: number) => boolean, nameOf: (sender: number) => string): Finding[];
}

export interface RetaggedTables {
  readonly keyA: Int32Array;
  readonly keyB: Int32Array;
  readonly destination: Int32Array;
  /** Sender, kind, and whether it is judged: `whoOf`. */
  readonly who: Int32Array;
  /** ns, corrected. */
  readonly when: Float64Array;
}

/** Frames that are remembered; of two at one place the later one. */
const PLACES = 0x1000;
const JUDGED = 1;

/** Sender and kind of a frame as one word, with room for `JUDGED`. */
export function whoOf(sender: number, kind: number): number {
  return (sender << 7) | (kind << 1);
}

export function createRetagged(
  entries: Pick<Entries, 'keyA' | 'keyB' | 'loose' | 'destination' | 'first'>,
  room: TableRoom = OWN_MEMORY,
): Retagged {
  const tables: RetaggedTables = {
    keyA: room.words(PLACES),
    keyB: room.words(PLACES),
    destination: room.words(PLACES),
    who: room.words(PLACES),
    when: room.numbers(PLACES),
  };
  const counts = new Map<number, number>();
  return {
    tables,
    note(place, who, isJudged) {
      const loose = entries.loose[place] as number;
      const destination = entries.destination[place] as number;
      if (loose === 0 || destination === 0 || isOfLink(loose)) return false;
      const a = entries.keyA[place] as number;
      const b = entries.keyB[place] as number;
      const ns = entries.first[place] as number;
      const at = b & (PLACES - 1);
      const known = tables.who[at] as number;
      const isSecond =
        tables.keyB[at] === b &&
        tables.keyA[at] !== a &&
        tables.destination[at] === destination &&
        (known | JUDGED) === (who | JUDGED) &&
        (isJudged || (known & JUDGED) !== 0) &&
        Math.abs(ns - (tables.when[at] as number)) <= PAIRING.pairNs;
      if (isSecond) counts.set(who >>> 7, (counts.get(who >>> 7) ?? 0) + 1);
      tables.keyA[at] = a;
      tables.keyB[at] = b;
      tables.destination[at] = destination;
      tables.who[at] = isJudged ? who | JUDGED : who;
      tables.when[at] = ns;
      return isSecond;
    },
    findings(isHost, nameOf) {
      return doubtOf(
        [...counts].filter(([sender]) => isHost(sender)),
        nameOf,
        'no-proof-of-life',
        (count, who) =>
          `${some(count, 'neighbor frame')} from ${who} came at once a second time, with other VLAN tags: the host has one address in several VLANs, or something copies frames from one into another.`,
      );
    },
  };
}
