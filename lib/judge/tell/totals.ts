import { KINDS, type KindId } from '../../wire/kinds.js';
import type { Pattern } from '../rules/pattern.js';
import type { Settled } from '../rules/outcomesOf.js';
import type { CellCounts, Counts, LeafCounts, Outcome } from '../types.js';
import { ALTERED, copiesIn, FREE, LATE, legIn, LIVE } from '../read/sightingBits.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Totals {
  readonly totals: Counts;
  readonly byLeaf: Readonly<Record<string, LeafCounts>>;
  readonly kinds: Readonly<Partial<Record<KindId, Counts>>>;
  readonly matrix: Readonly<Partial<Record<KindId, Readonly<Record<string, CellCounts>>>>>;
}

export interface SettledPattern {
  readonly pattern: Pattern;
  readonly settled: Settled;
  /** What is not judged of it, by leaf. */
  readonly taken?: readonly { readonly leaf: number }[];
}

export const NO_COUNTS: Counts = {
  probes: 0,
  delivered: 0,
  missing: 0,
  duplicate: 0,
  late: 0,
  altered: 0,
  unexpected: 0,
  inBand: 0,
  dataFrames: 0,
  dataDuplicated: 0,
  reflected: 0,
};

/** Each number of the one and of the other; one that neither has stays absent. */
export function added<T extends { readonly [Name in keyof T]?: number | undefined }>(a: T, b: T): T {
  const names = Object.keys({ ...a, ...b }) as (keyof T)[];
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])) as T;
}

const NO_LEAF: LeafCounts = { missing: 0, duplicate: 0, late: 0, altered: 0, unexpected: 0 };
const NO_CELL: CellCounts = { frames: 0, delivered: 0, ...NO_LEAF, unclaimed: 0 };

function byKind<T, R>(map: ReadonlyMap<number, T>, view: (value: T) => R): Partial<Record<KindId, R>> {
  const entries = KINDS.flatMap((entry, code): [KindId, R][] => {
    const value = map.get(code);
    return value === undefined ? [] : [[entry.id, view(value)]];
  });
  return Object.fromEntries(entries);
}

/**
 * Adds up patterns. Pairs of frame and leaf, except `probes`, `delivered`, `dataFrames`, `dataDuplicated`: frames. A
 * lost single-sent frame is one missing pair.
 */
export function totalsOf(settled: readonly SettledPattern[], leaves: readonly string[]): Totals {
  const totals: Mutable<Counts> = { ...NO_COUNTS };
  const byLeaf = leaves.map((): Mutable<LeafCounts> => ({ ...NO_LEAF }));
  const kinds = new Map<number, Mutable<Counts>>();
  const cells = new Map<number, Mutable<CellCounts>[]>();
  for (const {
    pattern,
    settled: { outcomes, verdict },
    taken = [],
  } of joinedAlike(settled)) {
    // A frame that need not come is not awaited: it is in no count, and a problem with it is in a finding.
    if (pattern.owed === 'unjudged' || pattern.owed === 'at-most-once') continue;
    let counts = kinds.get(pattern.kind);
    if (counts === undefined) kinds.set(pattern.kind, (counts = { ...NO_COUNTS }));
    let row = cells.get(pattern.kind);
    if (row === undefined) cells.set(pattern.kind, (row = leaves.map(() => ({ ...NO_CELL }))));
    if (outcomes.some((outcome) => outcome !== 'not-judged'))
      for (const sum of [totals, counts]) addFrame(sum, pattern, outcomes, verdict === 'pass');
    outcomes.forEach((outcome, leaf) => {
      const own = byLeaf[leaf];
      const cell = row[leaf];
      if (own === undefined || cell === undefined) return;
      const n = pattern.weight;
      const word = pattern.words[leaf] ?? 0;
      const lostSingle = outcome === 'missing' && pattern.owed === 'single';
      for (const sum of [totals, counts]) {
        if (outcome === 'missing' && (!lostSingle || leaf === outcomes.indexOf('missing'))) sum.missing += n;
        if (outcome === 'in-band') sum.inBand += n;
        if (outcome === 'unexpected' && pattern.owed === 'never') sum.reflected += n;
      }
      if (outcome === 'not-judged') cell.notJudged = (cell.notJudged ?? 0) + n;
      else if (outcome === 'unknown' || outcome === 'in-band') cell.unclaimed += n;
      else {
        cell.frames += n;
        if (taken.some((entry) => entry.leaf === leaf)) cell.partlyJudged = (cell.partlyJudged ?? 0) + n;
      }
      if (outcome === 'delivered') cell.delivered += n;
      if (outcome === 'missing') cell.missing += n;
      if (outcome === 'missing' && !lostSingle) own.missing += n;
      for (const sum of [totals, counts, own, cell]) {
        if (outcome === 'duplicate') sum.duplicate += n;
        if (outcome === 'unexpected' && pattern.owed !== 'never') sum.unexpected += n;
        if (!isClaimed(outcome, word)) continue;
        if ((word & ALTERED) !== 0) sum.altered += n;
        if ((word & LATE) !== 0) sum.late += n;
      }
    });
  }
  return {
    totals,
    byLeaf: Object.fromEntries(leaves.map((leaf, i) => [leaf, byLeaf[i] ?? NO_LEAF])),
    kinds: byKind(kinds, (counts) => counts),
    matrix: byKind(cells, (row) => Object.fromEntries(leaves.map((leaf, i) => [leaf, row[i] ?? NO_CELL]))),
  };
}

/** Patterns that differ in nothing that counts here, as one with the weight of all. */
function joinedAlike(settled: readonly SettledPattern[]): readonly SettledPattern[] {
  const joined: SettledPattern[] = [];
  const alike = new Map<Settled, Map<number, Pattern>>();
  for (const item of settled) {
    const { pattern, settled: outcome, taken = [] } = item;
    const byKind = alike.get(outcome) ?? new Map<number, Pattern>();
    alike.set(outcome, byKind);
    const known = byKind.get(pattern.kind);
    if (known !== undefined) {
      known.weight += pattern.weight;
      continue;
    }
    const own = { ...pattern };
    // What is settled alike has the same words, and nothing was taken of it.
    if (taken.length === 0) byKind.set(pattern.kind, own);
    joined.push({ ...item, pattern: own });
  }
  return joined;
}

/** A copy whose bytes and time can be judged: on a live leg of a certified leaf. */
export function isClaimed(outcome: Outcome, word: number): boolean {
  return (
    outcome !== 'unknown' &&
    outcome !== 'not-judged' &&
    outcome !== 'in-band' &&
    copiesIn(word) > 0 &&
    (legIn(word) === LIVE || legIn(word) === FREE)
  );
}

/**
 * More than one copy, on certified leaves, of a frame that owes one or may come once. No edge of a fault excuses that.
 */
export function isMultiplied(pattern: Pattern, outcomes: readonly Outcome[]): boolean {
  if (pattern.owed !== 'single' && pattern.owed !== 'at-most-once') return false;
  const copies = outcomes.map((outcome, leaf) =>
    outcome === 'unknown' || outcome === 'not-judged' ? 0 : copiesIn(pattern.words[leaf] ?? 0),
  );
  return copies.reduce((sum, n) => sum + n, 0) > 1;
}

function addFrame(sum: Mutable<Counts>, pattern: Pattern, outcomes: readonly Outcome[], passed: boolean): void {
  if (pattern.owed === 'replicated') {
    sum.probes += pattern.weight;
    if (passed) sum.delivered += pattern.weight;
  } else if (pattern.owed === 'single') {
    sum.dataFrames += pattern.weight;
    if (isMultiplied(pattern, outcomes)) sum.dataDuplicated += pattern.weight;
  }
}
