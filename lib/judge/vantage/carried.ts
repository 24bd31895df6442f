import { settle, type Settled } from '../rules/outcomesOf.js';
import type { Pattern } from '../rules/pattern.js';
import { ALTERED, copiesIn, COPIES, LATE } from '../read/sightingBits.js';
import type { Outcome, Verdict } from '../types.js';
import type { ClaimName } from './vantages.js';

/** Whether what a leaf shows against a claim proves nothing, because of where its capture was taken. */
export type Excuse = (leaf: number, claim: ClaimName, pattern?: Pick<Pattern, 'kind' | 'form'>) => boolean;

/** In a lab, and where nothing is known of a vantage. */
export const NO_EXCUSE: Excuse = () => false;

/** What would have been said of a frame on a leaf, had its vantage carried it. */
export interface Taken {
  readonly leaf: number;
  readonly claim: ClaimName;
  readonly weight: number;
}

export interface Carried {
  /** Without what the vantages do not carry. */
  readonly pattern: Pattern;
  readonly settled: Settled;
  readonly taken: readonly Taken[];
}

/** Settles a pattern by what the vantages carry. */
export function settleCarried(pattern: Pattern, valid: readonly boolean[], silent: boolean, excuse: Excuse): Carried {
  if (pattern.owed === 'replicated') return replicated(pattern, valid, silent, excuse);
  if (pattern.owed === 'single') return single(pattern, valid, silent, excuse);
  if (pattern.owed === 'at-most-once') return settled(onceEach(pattern, excuse), valid, silent);
  if (pattern.owed === 'never') return returned(pattern, valid, silent, excuse);
  return settled(pattern, valid, silent);
}

/**
 * Settles patterns. Most of many look alike but for their sender, kind or number: those of which nothing is taken share
 * what they are settled as.
 */
export function settleAll(
  patterns: readonly Pattern[],
  valid: readonly boolean[],
  silent: boolean,
  excuse: Excuse,
): readonly Carried[] {
  const known = new Map<string, Settled>();
  return patterns.map((pattern) => {
    const shape = shapeOf(pattern);
    const alike = known.get(shape);
    if (alike !== undefined) return { pattern, settled: alike, taken: [] };
    const carried = settleCarried(pattern, valid, silent, excuse);
    if (carried.taken.length === 0 && shapeOf(carried.pattern) === shape) known.set(shape, carried.settled);
    return carried;
  });
}

function shapeOf({ owed, skewed, words }: Pattern): string {
  return `${owed} ${skewed ? 1 : 0} ${words.join()}`;
}

function replicated(whole: Pattern, valid: readonly boolean[], silent: boolean, excuse: Excuse): Carried {
  const taken: Taken[] = [];
  const take = (leaf: number, claim: ClaimName): void => {
    if (valid[leaf] === true) taken.push({ leaf, claim, weight: whole.weight });
  };
  const words = whole.words.map((word, leaf) => {
    let left = word;
    if (copiesIn(left) > 1 && excuse(leaf, 'once')) {
      left = (left & ~COPIES) | 1;
      take(leaf, 'once');
    }
    if ((left & ALTERED) !== 0 && excuse(leaf, 'identity')) {
      left &= ~ALTERED;
      take(leaf, 'identity');
    }
    if ((left & LATE) !== 0 && excuse(leaf, 'skew')) {
      left &= ~LATE;
      take(leaf, 'skew');
    }
    return left;
  });
  const isSkewJudged = words.every((word, leaf) => copiesIn(word) === 0 || !excuse(leaf, 'skew'));
  const pattern = { ...whole, words, skewed: whole.skewed && isSkewJudged };
  const { outcomes, verdict } = settle(pattern, valid, silent);
  const left = outcomes.map((outcome, leaf): Outcome => {
    if (outcome !== 'missing' || !excuse(leaf, 'missing', whole)) return outcome;
    take(leaf, 'missing');
    return 'not-judged';
  });
  return {
    pattern,
    settled: { outcomes: left, verdict: left.includes('not-judged') ? verdictOfRest(left, pattern) : verdict },
    taken,
  };
}

function settled(pattern: Pattern, valid: readonly boolean[], silent: boolean): Carried {
  return { pattern, settled: settle(pattern, valid, silent), taken: [] };
}

/** Further copies of a frame that need not come at all, where a vantage may have made them. */
function onceEach(pattern: Pattern, excuse: Excuse): Pattern {
  const words = pattern.words.map((word, leaf) =>
    copiesIn(word) > 1 && excuse(leaf, 'once') ? (word & ~COPIES) | 1 : word,
  );
  return { ...pattern, words };
}

/** A leaf's own frame: a vantage that shows what its leaf sends proves nothing of what comes back. */
function returned(pattern: Pattern, valid: readonly boolean[], silent: boolean, excuse: Excuse): Carried {
  const { outcomes, verdict } = settle(pattern, valid, silent);
  const left = outcomes.map((outcome, leaf): Outcome =>
    outcome === 'unexpected' && excuse(leaf, 'reflection') ? 'not-judged' : outcome,
  );
  const taken = left.flatMap((outcome, leaf): Taken[] =>
    outcome === 'not-judged' ? [{ leaf, claim: 'reflection', weight: pattern.weight }] : [],
  );
  const isOpen = taken.length > 0 && !left.includes('unexpected');
  return { pattern, settled: { outcomes: left, verdict: isOpen ? 'skipped' : verdict }, taken };
}

const WRONG: ReadonlySet<Outcome> = new Set(['missing', 'duplicate', 'late', 'altered', 'unexpected']);

/** Of a frame of which not everything is judged. */
function verdictOfRest(outcomes: readonly Outcome[], { skewed }: Pattern): Verdict {
  if (skewed || outcomes.some((outcome) => WRONG.has(outcome))) return 'fail';
  return outcomes.includes('unknown') ? 'inconclusive' : 'skipped';
}

function single(whole: Pattern, valid: readonly boolean[], silent: boolean, excuse: Excuse): Carried {
  const isJudged = Array.from(whole.words, (_, leaf) => !excuse(leaf, 'data'));
  if (isJudged.every(Boolean)) return { pattern: whole, settled: settle(whole, valid, silent), taken: [] };
  const taken = isJudged.flatMap((judged, leaf): Taken[] =>
    judged || valid[leaf] !== true || copiesIn(whole.words[leaf] ?? 0) === 0
      ? []
      : [{ leaf, claim: 'data', weight: whole.weight }],
  );
  const words = whole.words.map((word, leaf) => (isJudged[leaf] === true ? word : 0));
  // One leaf alone does not tell whether others had it, too, and what only others had is not judged at all.
  const isTold = isJudged.filter(Boolean).length > 1 && words.some((word) => copiesIn(word) > 0);
  const pattern = { ...whole, words };
  const { outcomes, verdict } = settle(pattern, valid, silent);
  return {
    pattern,
    settled: {
      outcomes: outcomes.map((outcome, leaf) => (isTold && isJudged[leaf] === true ? outcome : 'not-judged')),
      verdict: isTold ? verdict : 'skipped',
    },
    taken,
  };
}
