import type { Pattern } from './pattern.js';
import type { Outcome, Verdict } from '../types.js';
import { ALTERED, BAND, copiesIn, DEAD, FIRST, FREE, LATE, legIn, LIVE } from '../read/sightingBits.js';

export interface Settled {
  /** One per leaf. */
  readonly outcomes: readonly Outcome[];
  /** `skipped` = recorded, not judged. */
  readonly verdict: Verdict;
}

const FAILS: ReadonlySet<Outcome> = new Set(['missing', 'duplicate', 'late', 'altered', 'unexpected']);

/**
 * The rules P1, P2, P4, P5 and P7 for one pattern. `valid` tells which leaves have a certificate: nothing is claimed on
 * the others. `silent`: a copy on a dead leg is a failure.
 */
export function settle(pattern: Pattern, valid: readonly boolean[], silent: boolean): Settled {
  const outcomes = outcomesOf(pattern, valid, silent);
  return { outcomes, verdict: verdictOf(pattern, outcomes) };
}

function outcomesOf(pattern: Pattern, valid: readonly boolean[], silent: boolean): Outcome[] {
  const words = [...pattern.words];
  const isValid = (leaf: number): boolean => valid[leaf] === true;
  switch (pattern.owed) {
    case 'replicated':
      return words.map((word, leaf) => (isValid(leaf) ? replicated(word, silent) : 'unknown'));
    case 'single':
      return single(words, isValid, silent);
    case 'at-most-once':
      return atMostOnce(words, isValid);
    case 'never':
      return words.map((word, leaf) =>
        !isValid(leaf) ? 'unknown' : copiesIn(word) > 0 ? 'unexpected' : 'not-expected',
      );
    case 'unjudged':
      return words.map((word, leaf) =>
        !isValid(leaf) ? 'unknown' : copiesIn(word) > 0 ? 'delivered' : 'not-expected',
      );
  }
}

function replicated(word: number, silent: boolean): Outcome {
  // An edge excuses absent, late or altered copies, never extra ones.
  if (legIn(word) === BAND) return copiesIn(word) > 1 ? 'duplicate' : 'in-band';
  if (legIn(word) === DEAD) return copiesIn(word) > 0 && silent ? 'unexpected' : 'not-expected';
  if (copiesIn(word) > 0) return onlyCopy(word);
  return legIn(word) === FREE ? 'not-expected' : 'missing';
}

function onlyCopy(word: number): Outcome {
  if (copiesIn(word) > 1) return 'duplicate';
  if ((word & ALTERED) !== 0) return 'altered';
  return (word & LATE) !== 0 ? 'late' : 'delivered';
}

/** One copy in total over all leaves; the hash decides which leaf gets it. */
function single(words: readonly number[], isValid: (leaf: number) => boolean, silent: boolean): Outcome[] {
  const seen = words.map((word, leaf) => (isValid(leaf) ? copiesIn(word) : 0));
  const isInBand = words.some((word) => legIn(word) === BAND);
  // Around an edge the hash itself changes: it may send a frame anywhere or nowhere, but not twice.
  if (isInBand && seen.reduce((sum, copies) => sum + copies, 0) <= 1)
    return words.map((_, leaf) => (isValid(leaf) ? 'in-band' : 'unknown'));
  // A frame on a dead leg arrives nowhere.
  const arrived = seen.map((copies, leaf) => (legIn(words[leaf] ?? 0) === DEAD ? 0 : copies));
  const nowhere = arrived.every((copies) => copies === 0);
  const allValid = words.every((word, leaf) => isValid(leaf) || legIn(word) === DEAD);
  // The hash may have chosen the leg on which the lab loses it.
  const mayBeLost = words.some((word) => legIn(word) === FREE);
  const flagged = words.findIndex((word, leaf) => (word & FIRST) !== 0 && (arrived[leaf] ?? 0) > 0);
  const first = flagged >= 0 ? flagged : arrived.findIndex((copies) => copies > 0);
  return words.map((word, leaf): Outcome => {
    if (!isValid(leaf)) return 'unknown';
    const [isLive, isDead] = [legIn(word) === LIVE, legIn(word) === DEAD];
    if (isInBand && (seen[leaf] ?? 0) <= (leaf === first ? 1 : 0)) return 'in-band';
    if (isDead && silent && (seen[leaf] ?? 0) > 0) return 'unexpected';
    if (nowhere) return isLive && allValid && !mayBeLost ? 'missing' : 'not-expected';
    if ((seen[leaf] ?? 0) === 0) return 'not-expected';
    return leaf === first ? onlyCopy(word) : 'unexpected';
  });
}

/** No state of a leg excuses a second copy, and an absent one is not missed. */
function atMostOnce(words: readonly number[], isValid: (leaf: number) => boolean): Outcome[] {
  const seen = words.map((word, leaf) => (isValid(leaf) ? copiesIn(word) : 0));
  const flagged = words.findIndex((word, leaf) => (word & FIRST) !== 0 && (seen[leaf] ?? 0) > 0);
  const first = flagged >= 0 ? flagged : seen.findIndex((copies) => copies > 0);
  return seen.map((copies, leaf): Outcome => {
    if (!isValid(leaf)) return 'unknown';
    if (copies === 0) return 'not-expected';
    if (leaf !== first) return 'unexpected';
    return copies > 1 ? 'duplicate' : 'delivered';
  });
}

function verdictOf(pattern: Pattern, outcomes: readonly Outcome[]): Verdict {
  if (pattern.owed === 'unjudged') return 'skipped';
  if (pattern.skewed || outcomes.some((outcome) => FAILS.has(outcome))) return 'fail';
  if (outcomes.includes('unknown')) return 'inconclusive';
  if (pattern.owed === 'never' || pattern.owed === 'at-most-once') return 'pass';
  return outcomes.includes('delivered') ? 'pass' : 'inconclusive';
}
