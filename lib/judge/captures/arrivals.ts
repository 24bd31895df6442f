import { KINDS } from '../../wire/kinds.js';
import { copiesIn } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';

/** When neighbor frames came, and which of them a leaf lacks: what a policer's pattern is looked for in. */
export interface Arrivals {
  /** A frame that every leaf had once, at a corrected time, ns. Allocates nothing most of the time. */
  whole(ns: number): void;
  /** Any other one that was due on every leaf. */
  other(seen: Seen): void;
  /** Frames of a leaf in the order of time; null where more came than are kept. */
  of(leaf: number): Offered | null;
}

export interface Offered {
  /** ns. */
  readonly times: Float64Array;
  /** 1 = this leaf lacks it. */
  readonly lacks: Uint8Array;
  /** Frames that it lacks. */
  readonly missing: readonly Lacking[];
}

export interface Lacking {
  readonly sender: number;
  readonly kind: number;
  readonly isArp: boolean;
}

/** Frames that are kept; of more, no pattern is looked for. */
const MOST = 1 << 20;
const MOST_OTHER = 1 << 16;
const isArp = KINDS.map(({ family }) => family === 'arp');

export function createArrivals(): Arrivals {
  let times = new Float64Array(1_024);
  let size = 0;
  let isOver = false;
  const others: { readonly ns: number; readonly words: Uint8Array; readonly sender: number; readonly kind: number }[] =
    [];
  return {
    whole(ns) {
      if (size === times.length) {
        if (size >= MOST) {
          isOver = true;
          return;
        }
        const larger = new Float64Array(2 * size);
        larger.set(times);
        times = larger;
      }
      times[size++] = ns;
    },
    other({ firstNs, words, sender, kind }) {
      if (others.length < MOST_OTHER) others.push({ ns: firstNs, words, sender, kind });
      else isOver = true;
    },
    of(leaf) {
      const lacking = others.filter(({ words }) => copiesIn(words[leaf] ?? 0) === 0);
      if (isOver || lacking.length === 0) return null;
      const had = others.filter(({ words }) => copiesIn(words[leaf] ?? 0) > 0);
      const all = new Float64Array(size + others.length);
      all.set(times.subarray(0, size));
      all.set(
        Float64Array.from([...had, ...lacking], ({ ns }) => ns),
        size,
      );
      const from = size + had.length;
      const order = Uint32Array.from(all, (_, i) => i).sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0));
      return {
        times: Float64Array.from(order, (i) => all[i] ?? 0),
        lacks: Uint8Array.from(order, (i) => (i >= from ? 1 : 0)),
        missing: lacking.map(({ sender, kind }) => ({ sender, kind, isArp: isArp[kind] === true })),
      };
    },
  };
}
