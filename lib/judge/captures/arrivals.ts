import { copiesIn } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';
import { OWN_MEMORY } from './tableRoom.js';

/** When neighbor frames came, and which of them a leaf lacks: what a policer's pattern is looked for in. */
export interface Arrivals {
  /**
   * A frame that every leaf had once: when it came, corrected, ns, stands at `at`. A number that is not whole would be
   * allocated to be handed over. Allocates nothing.
   */
  whole(firsts: Float64Array, at: number): void;
  /**
   * When those came, and how many did: one more than there is room for stands for any number of them. In a room of
   * several it stays where it is, and others may write there.
   */
  readonly wholeTimes: Float64Array;
  readonly wholeCount: Int32Array;
  /** When those came, in the order in which they were settled; null where more came than are kept. */
  wholes(): Float64Array | null;
  /** Any other one that was due on every leaf. */
  other(seen: Seen): void;
  /** Frames of a leaf, and its second copies, in the order of time; null where more came than are kept. */
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
const MOST_OTHER = 1 << 16;
/** Kept at first, in memory of one's own: most captures are small, and what is set aside for each is collected soon. */
const FIRST = 1 << 12;
const GROWTH = 4;
/** Of the frames that came to a leaf. */
const MOST_SECOND = 0.9;

export function createArrivals(room = OWN_MEMORY): Arrivals {
  let wholeTimes = room.numbers(room === OWN_MEMORY ? FIRST : MOST);
  const wholeCount = room.words(1);
  let isOver = false;
  const others: Pick<Seen, 'firstNs' | 'words' | 'extra'>[] = [];

  const size = (): number => wholeCount[0] ?? 0;
  /** More came than are kept. */
  const isFull = (): boolean => isOver || size() > MOST;

  /** The times of all whole frames, with room for more. */
  function all(length: number): Float64Array {
    const times = new Float64Array(length);
    times.set(wholeTimes.subarray(0, size()));
    return times;
  }

  /** When second copies came to a leaf. Where nearly all have one it is no sender that sends them. */
  function secondOn(leaf: number): readonly number[] {
    const seconds = others.flatMap(({ words, extra }) => {
      const own = extra.filter((copy) => copy.leaf === leaf);
      // Of a burst that was taken apart the copies belong to all of its frames.
      return own.length === copiesIn(words[leaf] ?? 0) - 1 ? own.map(({ ns }) => ns) : [];
    });
    const came = size() + others.filter(({ words }) => copiesIn(words[leaf] ?? 0) > 0).length;
    return seconds.length < MOST_SECOND * came ? seconds : [];
  }

  return {
    get wholeTimes() {
      return wholeTimes;
    },
    wholeCount,
    whole(firsts, at) {
      const count = wholeCount[0] as number;
      if (count > MOST) return;
      if (count === wholeTimes.length && count < MOST) {
        const longer = new Float64Array(Math.min(MOST, count * GROWTH));
        longer.set(wholeTimes);
        wholeTimes = longer;
      }
      // Beyond its end nothing is kept.
      wholeTimes[count] = firsts[at] as number;
      wholeCount[0] = count + 1;
    },
    wholes: () => (isFull() ? null : all(size())),
    other({ firstNs, words, extra }) {
      if (others.length < MOST_OTHER) others.push({ firstNs, words, extra });
      else isOver = true;
    },
    of(leaf) {
      const lacking = others
        .flatMap(({ firstNs, words }) => (copiesIn(words[leaf] ?? 0) === 0 ? [firstNs] : []))
        .sort((a, b) => a - b);
      if (isFull() || lacking.length === 0) return null;
      const came = [...others.map(({ firstNs }) => firstNs), ...secondOn(leaf)];
      const times = all(size() + came.length);
      times.set(came, size());
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
