import { KINDS } from '../../wire/kinds.js';
import { COPIES } from '../read/sightingBits.js';
import type { ContentTally } from './contentTally.js';
import type { Orphan } from './orphans.js';

/**
 * Answers that came equally often to every leaf within the time of a duplicate. Leaves learn a host from copies of one frame, so their timers run
 * out together, and they probe it together: it answers each, word for word, and every answer goes to every leaf. A replicator that
 * doubles every copy looks the same. Which of the two it was, the rest of the capture tells.
 */
export interface Answers {
  /** Whether the frame is kept back until the end. Told of every frame that some leaf saw more than once. */
  keep(seen: Orphan): boolean;
  /** Decides on all that was kept. */
  finish(tally: ContentTally): Decided;
}

/** What became of the frames that were kept, but for duplicates. */
export interface Decided {
  /** Nothing can be said of them. */
  readonly unknown: number;
  /** Each was taken for several answers. */
  readonly coincident: number;
}

const ANSWERS: ReadonlySet<number> = new Set(
  KINDS.flatMap(({ id }, code) => (id === 'arp-reply-unicast' || id === 'na-solicited' ? [code] : [])),
);
/** Beyond this many they are no coincidence. */
const MOST = 10_000;
/** Of all answers of one kind from one sender, at most this share may coincide by chance. */
const CHANCE_SHARE = 1 / 3;

/** `settle` gets what was a duplicate, or, with one copy on each leaf, what was not. */
export function createAnswers(leaves: number, settle: (seen: Orphan) => void): Answers {
  const kept = new Map<string, Orphan[]>();
  /** Senders of other frames that came more than once. */
  const doubled = new Set<number>();
  let count = 0;
  return {
    keep(seen) {
      const copies = (seen.words[0] ?? 0) & COPIES;
      const isEqual = seen.words.every((word) => (word & COPIES) === copies);
      if (!ANSWERS.has(seen.kind)) doubled.add(seen.sender);
      // A leaf asks once: there are no more answers than leaves.
      if (!ANSWERS.has(seen.kind) || !isEqual || copies < 2 || copies > leaves || count >= MOST) return false;
      const key = `${seen.sender} ${seen.kind}`;
      const list = kept.get(key);
      if (list === undefined) kept.set(key, [seen]);
      else list.push(seen);
      count++;
      return true;
    },
    finish(tally) {
      let unknown = 0;
      let coincident = 0;
      for (const list of kept.values()) {
        const [first] = list;
        if (first === undefined) continue;
        const once = tally.delivered(first.sender, first.kind);
        if (doubled.has(first.sender)) list.forEach(settle);
        else if (list.length > CHANCE_SHARE * (list.length + once)) unknown += list.length;
        else {
          coincident += list.length;
          for (const seen of list) {
            const copies = (seen.words[0] ?? 0) & COPIES;
            // Which copy belongs to which answer is not known, and so is not how far they came apart.
            const single = { ...seen, lastNs: seen.firstNs, words: seen.words.map((word) => (word & ~COPIES) | 1) };
            for (let copy = 0; copy < copies; copy++) settle(single);
          }
        }
      }
      return { unknown, coincident };
    },
  };
}
