import type { Duty } from '../../profile/types.js';
import type { TagForm } from '../../wire/kinds.js';

/**
 * `never`: a frame that a leaf sent itself; no copy may come back to any leaf (P5). `at-most-once`: one copy in total,
 * or none.
 */
export type Owed = Duty | 'never' | 'at-most-once';

/** All probes of one sender, kind and form that looked the same on every leaf. */
export interface Pattern {
  /** Index in the judgement's senders. */
  readonly sender: number;
  /** Index in KINDS. */
  readonly kind: number;
  readonly form: TagForm;
  readonly owed: Owed;
  /** One word per leaf, see sightingBits.ts. */
  readonly words: Uint8Array;
  /** The time from first to last copy is more than the profile allows. */
  readonly skewed: boolean;
  /** Probes that look like this. */
  weight: number;
  /** Names of some of them, in the order in which they were decided; at most `examples` of the tally. */
  readonly probes: number[];
}

export interface PatternTally {
  add(
    sender: number,
    kind: number,
    form: TagForm,
    owed: Owed,
    words: Uint8Array,
    skewed: boolean,
    weight: number,
    probe: number,
  ): Pattern;
  readonly patterns: () => readonly Pattern[];
  /** Forgets the patterns of all other senders. */
  keepSenders(isKept: (sender: number) => boolean): void;
  /** There were more distinct patterns than are kept: later ones are not in `patterns`. */
  readonly overflow: () => number;
}

/**
 * Far more than any real failure has (kinds x senders x a few shapes); keeps memory bounded on a hostile capture.
 */
const MOST_PATTERNS = 200_000;

/** `examples`: how many probe names each pattern keeps. */
export function createPatternTally(examples: number): PatternTally {
  const byKey = new Map<string, Pattern>();
  let overflow = 0;
  return {
    add(sender, kind, form, owed, words, skewed, weight, probe) {
      const key = `${sender} ${kind} ${form} ${owed} ${skewed ? 1 : 0} ${words.join(',')}`;
      let pattern = byKey.get(key);
      if (pattern === undefined) {
        pattern = { sender, kind, form, owed, words: words.slice(), skewed, weight: 0, probes: [] };
        if (byKey.size < MOST_PATTERNS) byKey.set(key, pattern);
        else overflow++;
      }
      pattern.weight += weight;
      if (probe >= 0 && pattern.probes.length < examples) pattern.probes.push(probe);
      return pattern;
    },
    patterns: () => [...byKey.values()],
    keepSenders(isKept) {
      for (const [key, pattern] of byKey) if (!isKept(pattern.sender)) byKey.delete(key);
    },
    overflow: () => overflow,
  };
}
