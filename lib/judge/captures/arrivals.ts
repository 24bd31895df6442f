import { copiesIn } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';
import { OWN_MEMORY } from './tableRoom.js';

/** When neighbor frames came, and which of them a leaf lacks: what a policer's pattern is looked for in. */
export interface Arrivals {
  /**
   * A frame that every leaf had once: when it came, corrected, ns, stands at `at`. A number that is not whole would be
   * allocated to be handed over. Allocates nothing most of the time.
   */
  whole(firsts: Float64Array, at: number): void;
  /** The latest of those, and how many these are: what is full is made empty by the next call. */
  readonly latest: Float64Array;
  readonly filled: Int32Array;
  /** When those came, in the order in which they were settled; null where more came than are kept. */
  wholes(): Float64Array | null;
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
}

/** Frames that are kept; of more, no pattern is looked for. */
const MOST = 1 << 20;
const BLOCK = 1 << 12;
const MOST_OTHER = 1 << 16;

export function createArrivals(room = OWN_MEMORY): Arrivals {
  // In blocks: a list that doubles is written once more on the way, and memory that is new costs more than all else here.
  const blocks: Float64Array[] = [];
  const latest = room.numbers(BLOCK);
  const filled = room.words(1);
  let isOver = false;
  const others: { readonly ns: number; readonly words: Uint8Array }[] = [];

  const size = (): number => blocks.length * BLOCK + (filled[0] ?? 0);
  /** More came than are kept. */
  const isFull = (): boolean => isOver || size() > MOST;

  /** The times of all whole frames, with room for more. */
  function all(length: number): Float64Array {
    const times = new Float64Array(length);
    [...blocks, latest.subarray(0, filled[0])].forEach((part, i) => {
      times.set(part, i * BLOCK);
    });
    return times;
  }

  return {
    latest,
    filled,
    whole(firsts, at) {
      if (filled[0] === BLOCK) {
        if (size() > MOST) isOver = true;
        else blocks.push(latest.slice());
        filled[0] = 0;
      }
      latest[filled[0] as number] = firsts[at] as number;
      filled[0] = (filled[0] as number) + 1;
    },
    wholes: () => (isFull() ? null : all(size())),
    other({ firstNs, words }) {
      if (others.length < MOST_OTHER) others.push({ ns: firstNs, words });
      else isOver = true;
    },
    of(leaf) {
      const lacking = others
        .flatMap(({ ns, words }) => (copiesIn(words[leaf] ?? 0) === 0 ? [ns] : []))
        .sort((a, b) => a - b);
      if (isFull() || lacking.length === 0) return null;
      const times = all(size() + others.length);
      times.set(
        others.map(({ ns }) => ns),
        size(),
      );
      times.sort();
      const lacks = new Uint8Array(times.length);
      let at = 0;
      for (const ns of lacking) {
        while ((times[at] ?? Infinity) < ns) at++;
        lacks[at++] = 1;
      }
      return { times, lacks };
    },
  };
}
