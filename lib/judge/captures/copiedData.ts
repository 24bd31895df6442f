import { copiesIn } from '../read/sightingBits.js';
import type { ContentTally } from './contentTally.js';
import type { DataDoubts } from './dataDoubts.js';
import type { Orphan } from './orphans.js';
import { PAIRING } from './settings.js';

/**
 * Data that several leaves had, until it is known whether its host says the same again and again. A bond that spreads
 * frames in turn sends such to one leaf after the other, without any copy.
 */
export interface CopiedData {
  /**
   * @param key content, as far as copies share it
   * @param first leaf of the one that was taken for sent once, and is no longer if this is its copy; -1 = there is none
   * @param alone what of it is a frame of its own, if it is no copy
   */
  hold(key: string, seen: Orphan, first: number, alone: Orphan): void;
  /** Its host says this content again and again: what is held of it may be no copy. */
  repeated(key: string): void;
  /** Of a frame of such content, or of what its host may say in several VLANs (`isOfLink`). */
  leave(seen: Orphan, isOfLink: boolean): void;
  /**
   * Of an acknowledgment that is on several leaves, or on this one beside another, and that its host may have said as
   * often.
   */
  leaveAck(seen: Orphan): void;
  /** Settles what nothing more is learnt of: everything that is older than `HOLD_NS` before `ns`. */
  expire(ns: number): void;
  waiting(): number;
}

interface Held {
  readonly key: string;
  readonly seen: Orphan;
  readonly first: number;
  readonly alone: Orphan;
  isRepeated: boolean;
}

/** What is repeated every 50 ms on one leaf is known to be after so long. */
const HOLD_NS = 4 * PAIRING.pairNs;
const MOST = 10_000;

/** `settle` counts it as it was seen. */
export function createCopiedData(
  tally: ContentTally,
  doubts: DataDoubts,
  settle: (seen: Orphan) => void,
  onSettled: ((seen: Orphan) => void) | undefined,
): CopiedData {
  const held: Held[] = [];

  function leave(seen: Orphan, isOfLink: boolean): void {
    onSettled?.(seen);
    seen.words.forEach((word, leaf) => {
      if (copiesIn(word) === 0) return;
      tally.once(seen.sender, seen.kind, seen.tags, leaf);
      if (isOfLink) doubts.linked(seen.sender);
      else doubts.repeated(seen.sender);
    });
  }

  function finish({ seen, first, alone, isRepeated }: Held): void {
    if (isRepeated) {
      leave(alone, false);
      return;
    }
    if (first >= 0) tally.notOnce(seen.sender, seen.kind, seen.tags, first);
    settle(seen);
  }

  return {
    leave,
    leaveAck(seen) {
      onSettled?.(seen);
      seen.words.forEach((word, leaf) => {
        if (copiesIn(word) > 0) tally.once(seen.sender, seen.kind, seen.tags, leaf);
      });
      doubts.acknowledged(seen.sender);
    },
    hold(key, seen, first, alone) {
      held.push({ key, seen, first, alone, isRepeated: false });
      if (held.length > MOST) held.splice(0, MOST / 2).forEach(finish);
    },
    repeated(key) {
      for (const one of held) if (one.key === key) one.isRepeated = true;
    },
    expire(ns) {
      // In the order in which they were closed, which is nearly that of their times.
      const ready = held.findIndex(({ seen }) => seen.lastNs + HOLD_NS >= ns);
      held.splice(0, ready < 0 ? held.length : ready).forEach(finish);
    },
    waiting: () => held.length,
  };
}
