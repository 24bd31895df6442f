import type { Profile } from '../../profile/types.js';
import { dutyOf, formOf } from '../../profile/duty.js';
import { KINDS } from '../../wire/kinds.js';
import { createPatternTally, type Owed, type Pattern, type PatternTally } from '../rules/pattern.js';
import { createSkewHistogram, type SkewHistogram } from '../rules/skew.js';
import { FIRST } from '../read/sightingBits.js';
import { OWN_MEMORY } from './tableRoom.js';

/** One frame as it was seen on all leaves, named by its content. Arrays are per leaf. */
export interface Seen {
  readonly sender: number;
  readonly kind: number;
  /** 0..2 tags. */
  readonly tags: number;
  readonly words: Uint8Array;
  /** ns on the corrected clock and record offset of the first copy; only where there is one. */
  readonly times: Float64Array;
  readonly offsets: Float64Array;
  readonly firstNs: number;
  readonly lastNs: number;
  /** Further copies, in the order they came. */
  readonly extra: readonly ExtraCopy[];
}

/** A second or later copy on one leaf. */
export interface ExtraCopy {
  readonly leaf: number;
  /** On the corrected clock. */
  readonly ns: number;
  /** Of the record. */
  readonly offset: number;
}

/** One of the frames behind a pattern, to be shown. */
export interface Example {
  readonly pattern: Pattern;
  readonly name: number;
  readonly seen: Seen;
}

/** Counts what became of frames: one addition for what is as it should be, a pattern for all else. */
export interface ContentTally {
  readonly tally: PatternTally;
  readonly skews: SkewHistogram;
  /** By sender: where `perfect` and `once` count, a byte of the room's memory; 0 = nowhere that others could count, too. */
  readonly sumsAt: Int32Array;
  readonly examples: readonly Example[];
  duty(kind: number, tags: number): Owed;
  /** A frame that must be on every leaf and was on each once. */
  perfect(sender: number, kind: number, tags: number, skewNs: number): void;
  /** Takes one such frame back: a leaf had it again, altered. */
  notPerfect(sender: number, kind: number, tags: number): void;
  /** A frame that must be sent once and was, on this leaf. */
  once(sender: number, kind: number, tags: number, leaf: number): void;
  /** Takes one such frame back: it was copied. */
  notOnce(sender: number, kind: number, tags: number, leaf: number): void;
  /** So many frames of a kind were on every leaf once. */
  delivered(sender: number, kind: number): number;
  /** So many frames that must be sent once were sent by this sender, as far as `once` counted them. */
  sentOnce(sender: number): number;
  /** Any other frame that owes something. */
  other(seen: Seen, skewed: boolean): void;
  /** Senders that sent ARP, NS or NA themselves. */
  neighborSenders(): ReadonlySet<number>;
  /** Moves the additions into patterns. Once, at the end; senders that `isHost` refuses are left out. */
  finish(isHost: (sender: number) => boolean): void;
}

/** Probe names that a finding lists, and examples that a pattern shows; there are as many frames as the capture has. */
const NAMES = 20;
const SHOWN = 4;
const MOST_EXAMPLES = 1_000;
/** Senders over all captures, at first; there may be more. */
const MOST_SENDERS = 64;
/** Bytes of a room for what is counted by sender. */
const MOST_ROOM = 1 << 21;

const NEIGHBOR_CODES: ReadonlySet<number> = new Set(
  KINDS.flatMap((entry, code) => (entry.expected === 'one-each' ? [code] : [])),
);

export function createContentTally(profile: Profile, leaves: number, room = OWN_MEMORY): ContentTally {
  const tally = createPatternTally(NAMES);
  const skews = createSkewHistogram((count) => room.numbers(count));
  const examples: Example[] = [];
  const width = leaves + 1;
  const duties: readonly Owed[] = KINDS.flatMap((entry) =>
    [0, 1, 2].map((tags) => dutyOf(profile, entry.id, formOf(tags))),
  );
  const sums: (Float64Array | undefined)[] = new Array<Float64Array | undefined>(MOST_SENDERS);
  const size = KINDS.length * 3 * width;
  const sumsAt = room.words(Math.floor(MOST_ROOM / (8 * size)));
  function newSums(sender: number): Float64Array {
    if (sender >= sumsAt.length) return new Float64Array(size);
    const sum = room.numbers(size);
    sumsAt[sender] = sum.byteOffset;
    return sum;
  }
  let named = 0;
  const count = (sender: number, slot: number, by: number): void => {
    let sum = sums[sender];
    if (sum === undefined) sum = sums[sender] = newSums(sender);
    sum[slot] = (sum[slot] as number) + by;
  };
  return {
    tally,
    skews,
    sumsAt,
    examples,
    duty: (kind, tags) => duties[kind * 3 + tags] ?? 'unjudged',
    perfect(sender, kind, tags, skewNs) {
      skews.add(skewNs);
      count(sender, (kind * 3 + tags) * width + leaves, 1);
    },
    notPerfect(sender, kind, tags) {
      count(sender, (kind * 3 + tags) * width + leaves, -1);
    },
    once(sender, kind, tags, leaf) {
      count(sender, (kind * 3 + tags) * width + leaf, 1);
    },
    notOnce(sender, kind, tags, leaf) {
      count(sender, (kind * 3 + tags) * width + leaf, -1);
    },
    delivered: (sender, kind) =>
      [0, 1, 2].reduce((sum, tags) => sum + (sums[sender]?.[(kind * 3 + tags) * width + leaves] ?? 0), 0),
    sentOnce: (sender) =>
      Array.from(sums[sender] ?? []).reduce((sum, weight, slot) => sum + (slot % width === leaves ? 0 : weight), 0),
    other(seen, skewed) {
      const owed = duties[seen.kind * 3 + seen.tags] ?? 'unjudged';
      const name = ++named;
      const pattern = tally.add(seen.sender, seen.kind, formOf(seen.tags), owed, seen.words, skewed, 1, name);
      if (pattern.weight <= SHOWN && examples.length < MOST_EXAMPLES) examples.push({ pattern, name, seen });
    },
    neighborSenders() {
      const found = new Set<number>();
      sums.forEach((sum, sender) => {
        for (const kind of NEIGHBOR_CODES)
          for (let at = kind * 3 * width; at < (kind + 1) * 3 * width; at++)
            if ((sum?.[at] ?? 0) > 0) found.add(sender);
      });
      for (const { sender, kind } of tally.patterns()) if (NEIGHBOR_CODES.has(kind)) found.add(sender);
      return found;
    },
    finish(isHost) {
      tally.keepSenders(isHost);
      sums.forEach((sum, sender) => {
        if (sum === undefined || !isHost(sender)) return;
        for (let kind = 0; kind < KINDS.length; kind++) {
          for (let tags = 0; tags < 3; tags++) {
            for (let slot = 0; slot <= leaves; slot++) {
              const weight = sum[(kind * 3 + tags) * width + slot] ?? 0;
              if (weight === 0) continue;
              const words = new Uint8Array(leaves);
              if (slot === leaves) words.fill(1);
              else words[slot] = 1 | FIRST;
              tally.add(sender, kind, formOf(tags), duties[kind * 3 + tags] ?? 'unjudged', words, false, weight, -1);
            }
          }
        }
      });
    },
  };
}
