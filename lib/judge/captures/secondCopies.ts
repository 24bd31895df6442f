import { copiesIn } from '../read/sightingBits.js';
import type { Orphan } from './orphans.js';
import { OWN_MEMORY } from './tableRoom.js';

/**
 * Frames that one leaf has once more, some milliseconds after all leaves had them. A switch that traps frames to its CPU
 * and floods them shows each frame so: the kernel floods what the switch flooded already (sonic-swss#812). Where nearly
 * all frames of a leaf come like that, they are second copies of its own; else each is a frame that other leaves lack.
 */
export interface SecondCopies {
  /** How many frames were on every leaf. */
  readonly wholes: Float64Array;
  /** One more frame was on every leaf. */
  whole(): void;
  /** A frame that was not on every leaf once; copies by leaf. */
  other(words: Uint8Array): void;
  /** Whether it is kept until the end. Told of frames that one leaf alone has, soon after all had the same. */
  keep(seen: Orphan): boolean;
  /** How many second copies each leaf had. Settles all others. */
  finish(): readonly number[];
}

/** Of the frames that a leaf had. */
const SHARE = 0.9;
/** Of fewer frames it is not said of all. */
const LEAST = 10;
/** Frames that are kept of one leaf; when there are more, their share decides at once. */
const MOST = 4_096;

/** `mayShow`: whether the place of a leaf's capture may show them. `settle` gets what is none. */
export function createSecondCopies(
  leaves: number,
  mayShow: (leaf: number) => boolean,
  settle: (seen: Orphan) => void,
  room = OWN_MEMORY,
): SecondCopies {
  const kept = Array.from({ length: leaves }, (): Orphan[] => []);
  const counts = new Array<number>(leaves).fill(0);
  const isOff = counts.map((_, leaf) => !mayShow(leaf));
  const wholes = room.numbers(1);
  /** Of frames that were not on every leaf once: those that a leaf had, and those that it had oftener than any other. */
  const had = counts.map(() => 0);
  const oftener = counts.map(() => 0);

  const isNearlyAll = (leaf: number): boolean => {
    const count = counts[leaf] ?? 0;
    return count >= LEAST && count >= SHARE * (wholes[0] ?? 0);
  };

  /** What came sooner than two frames do counts as one frame; and where other leaves have second copies, too, it is the sender. */
  const isItsOwn = (leaf: number): boolean =>
    (counts[leaf] ?? 0) + (oftener[leaf] ?? 0) >= SHARE * ((wholes[0] ?? 0) + (had[leaf] ?? 0));

  return {
    wholes,
    whole() {
      wholes[0] = (wholes[0] ?? 0) + 1;
    },
    other(words) {
      words.forEach((word, leaf) => {
        const copies = copiesIn(word);
        if (copies === 0) return;
        had[leaf] = (had[leaf] ?? 0) + 1;
        if (words.every((one, at) => at === leaf || copiesIn(one) < copies) && copies > 1)
          oftener[leaf] = (oftener[leaf] ?? 0) + 1;
      });
    },
    keep(seen) {
      const leaf = seen.words.findIndex((word) => copiesIn(word) > 0);
      const list = kept[leaf];
      if (list === undefined || isOff[leaf] === true) return false;
      counts[leaf] = (counts[leaf] ?? 0) + 1;
      if (list.length < MOST) list.push(seen);
      else if (!isNearlyAll(leaf)) {
        isOff[leaf] = true;
        kept[leaf] = [];
        counts[leaf] = 0;
        list.forEach(settle);
        return false;
      }
      return true;
    },
    finish() {
      return counts.map((count, leaf) => {
        // A mirror's own numbers tell at its end only that nothing was lost.
        if (mayShow(leaf) && isNearlyAll(leaf) && isItsOwn(leaf)) return count;
        kept[leaf]?.forEach(settle);
        return 0;
      });
    },
  };
}
