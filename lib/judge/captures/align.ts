import { duration, some } from '../tell/phrasing.js';
import { DISGUISED, FROM_LEAF, NEIGHBOR, SENDER_SHIFT, type Columns } from './columns.js';
import { estimateClock, type Estimate } from './estimate.js';
import { fullFrames, isFull, waiting, type Feed } from './feed.js';
import { fixedClock, trackedClock, type LeafClock } from './leafClock.js';
import type { Samples } from './samples.js';

/** How a capture's clock came to be known. */
export interface Alignment {
  readonly clock: LeafClock;
  /**
   * `same`: no correction wanted or needed; `measured`: from common frames; `assumed`: taken as it stands because
   * nothing could be measured.
   */
  readonly how: 'same' | 'measured' | 'assumed';
  /** Why nothing could be measured. */
  readonly reason: string | null;
  /**
   * Nothing that is on it is anywhere on the capture of the common clock, so that no frame can be taken for the copy of
   * a wrong one.
   */
  readonly isAlone: boolean;
  /**
   * Another offset than the one of the clocks as they stand explains the common frames better: it is not even trusted
   * as far as clocks that are not known are.
   */
  readonly isContradicted: boolean;
  /** It was measured, but another offset would do nearly as well, and why: nothing passes. */
  readonly isShaky: boolean;
}

/**
 * What clocks can be measured with, the best first: neighbor frames of the hosts that are judged; those of anybody,
 * among whom leaves may be that say the same at times of their own; what altered copies keep of them; any frame of
 * interest.
 */
export const SAMPLE_SORTS = ['hosts', 'neighbors', 'alike', 'all'] as const;
export type SampleSort = (typeof SAMPLE_SORTS)[number];
export type SampleSets = Readonly<Record<SampleSort, Samples>>;

/** First tries look at fewer frames; most captures need no more. */
const TRIES = [2_048, 16_384, Number.POSITIVE_INFINITY];
/**
 * Time stamps of healthy machines differ by less; a first try starts the earlier capture this long before the later
 * one, ns.
 */
const SLACK_NS = 30_000_000_000;

/** Fills all rings as far as they go. */
export function fillRings(feeds: readonly Feed[]): void {
  for (const feed of feeds) while (feed.end === null && !isFull(feed)) feed.advance();
}

/** All clocks against one. */
export interface Aligned {
  /** The capture whose clock is the common one. */
  readonly reference: number;
  readonly alignments: readonly Alignment[];
}

/**
 * Captures that are tried as the common clock; each try measures all others, and more than some that are torn are no
 * case to wait for.
 */
const MOST_REFERENCES = 4;

/**
 * Measures clocks from what is in the rings; nothing is taken out of them. The first capture whose clock another one's
 * can be measured against is the common one: a capture that was torn or heard little would leave all others unmeasured.
 */
export function align(
  feeds: readonly Feed[],
  isShared: boolean,
  search: ((leaf: number) => SampleSets) | null,
  keepPieces: boolean,
): Aligned {
  const samples = search === null ? null : onceEach(search);
  const candidates = feeds.flatMap(({ baseSeconds }, leaf) => (baseSeconds >= 0 ? [leaf] : []));
  const [first = 0, ...others] = candidates;
  const aligned = { reference: first, alignments: alignTo(first, feeds, isShared, samples, keepPieces) };
  // The last one was measured against all before it.
  for (const reference of isShared
    ? []
    : [first, ...others].slice(0, Math.min(MOST_REFERENCES, candidates.length - 1))) {
    const next =
      reference === first
        ? aligned
        : { reference, alignments: alignTo(reference, feeds, isShared, samples, keepPieces) };
    if (next.alignments.some(({ how }) => how === 'measured')) return next;
  }
  return aligned;
}

function onceEach(search: (leaf: number) => SampleSets): (leaf: number) => SampleSets {
  const known = new Map<number, SampleSets>();
  return (leaf) => {
    const sets = known.get(leaf) ?? search(leaf);
    known.set(leaf, sets);
    return sets;
  };
}

function alignTo(
  first: number,
  feeds: readonly Feed[],
  isShared: boolean,
  search: ((leaf: number) => SampleSets) | null,
  keepPieces: boolean,
): Alignment[] {
  const reference = feeds[first];
  return feeds.map((feed, leaf): Alignment => {
    const asItStands =
      reference === undefined || reference.baseSeconds < 0 || feed.baseSeconds < 0
        ? 0
        : (feed.baseSeconds - reference.baseSeconds) * 1e9;
    // An empty capture has no clock, and needs none.
    if (leaf === first || isShared || reference === undefined || feed.baseSeconds < 0)
      return {
        clock: fixedClock(asItStands),
        how: 'same',
        reason: null,
        isAlone: false,
        isContradicted: false,
        isShaky: false,
      };
    const isAll = feed.end !== null && reference.end !== null && !isFull(feed) && !isFull(reference);
    let estimates = untilFit((sort) => tryRings(feed, reference, asItStands, sort));
    const isSeen = isAll || search !== null;
    if (!isAll && search !== null && !estimates.some(isSure)) {
      const [here, there] = [search(leaf), search(first)];
      estimates = untilFit((sort) => estimateClock(here[sort], there[sort], -asItStands));
    }
    for (const estimate of [...estimates.filter(isSure), ...estimates])
      if (estimate.type === 'fit')
        return {
          clock: trackedClock(estimate.fit, keepPieces),
          how: 'measured',
          reason: estimate.rivals === null ? null : reasonOf(estimate.rivals),
          isAlone: false,
          isContradicted: false,
          isShaky: estimate.rivals !== null,
        };
    const isAlone = isSeen && estimates.every((estimate) => estimate.type === 'nothing-common');
    // The sort that tells most about why: neighbor frames, if any are common.
    const telling = estimates.find((estimate) => estimate.type !== 'nothing-common') ?? estimates[0];
    return {
      clock: fixedClock(asItStands),
      how: 'assumed',
      reason: telling === undefined || telling.type === 'fit' ? null : reasonOf(telling),
      isAlone,
      isContradicted:
        telling !== undefined && telling.type !== 'nothing-common' && telling.type !== 'fit' && !telling.isPlausible,
      isShaky: false,
    };
  });
}

function isSure(estimate: Estimate): boolean {
  return estimate.type === 'fit' && estimate.rivals === null;
}

/** What each sort of samples tells, up to the first that tells the offset for sure. */
function untilFit(estimate: (sort: SampleSort) => Estimate): Estimate[] {
  const estimates: Estimate[] = [];
  for (const sort of SAMPLE_SORTS) {
    const next = estimate(sort);
    estimates.push(next);
    if (isSure(next)) break;
  }
  return estimates;
}

function tryRings(feed: Feed, reference: Feed, asItStands: number, sort: SampleSort): Estimate {
  let estimate: Estimate = { type: 'nothing-common' };
  for (const most of TRIES) {
    // The later one starts, the earlier one from shortly before that; in the end everything that is there.
    const isLast = most === Number.POSITIVE_INFINITY;
    const start = isLast ? -Infinity : Math.max(feed.firstNs + asItStands, reference.firstNs) - SLACK_NS;
    const here = samplesOf(feed, start - asItStands, most, sort);
    const there = samplesOf(reference, start, most, sort);
    estimate = estimateClock(here, there, -asItStands);
    if (estimate.type === 'fit') return estimate;
    if (isComplete(here, feed) && isComplete(there, reference)) break;
  }
  return estimate;
}

function isComplete(samples: Samples, feed: Feed): boolean {
  return samples.fromNs === feed.firstNs && samples.toNs === feed.aliveNs;
}

/** Frames in the ring from `fromNs` on, at most `most`. */
function samplesOf(feed: Feed, fromNs: number, most: number, sort: SampleSort): Samples {
  const { columns } = feed;
  const out: { time: number[]; key: number[] } = { time: [], key: [] };
  // Not all that is there: how much that is depends on how the capture was read.
  const count = Math.min(waiting(feed), fullFrames(feed));
  let toNs = -Infinity;
  let i = 0;
  for (; i < count; i++) {
    const at = (feed.tail + i) & (columns.capacity - 1);
    const time = columns.time[at] ?? 0;
    const key = sampleKey(columns, at, sort);
    if (key === null || time < fromNs) continue;
    if (out.time.length >= most) break;
    out.time.push(time);
    out.key.push(key);
    toNs = Math.max(toNs, time);
  }
  // A capture that is here to its end was alive to its end.
  if (i === waiting(feed) && feed.end !== null) toNs = feed.aliveNs;
  return { ...out, fromNs: Math.max(fromNs, feed.firstNs), toNs };
}

/**
 * What a record is compared by, or null when it is none of the sort. Frames of leaves tell nothing: each leaf sends its
 * own.
 */
export function sampleKey({ meta, keyA, keyB, loose }: Columns, at: number, sort: SampleSort): number | null {
  const info = meta[at] ?? 0;
  const isNeighbor = (info & NEIGHBOR) !== 0;
  if ((info & FROM_LEAF) !== 0 || (sort !== 'all' && !isNeighbor)) return null;
  if (info >>> SENDER_SHIFT !== 0 && (info & DISGUISED) === DISGUISED) return null;
  if (sort === 'hosts' && info >>> SENDER_SHIFT === 0) return null;
  if (sort === 'alike') return (loose[at] ?? 0) === 0 ? null : (loose[at] ?? 0);
  return keyNumber(keyA[at] ?? 0, keyB[at] ?? 0);
}

export function keyNumber(a: number, b: number): number {
  return (a & 0x1fffff) * 0x1_0000_0000 + (b >>> 0);
}

function reasonOf(estimate: Exclude<Estimate, { type: 'fit' }>): string {
  if (estimate.type === 'nothing-common') return 'no frame is on both captures';
  const { type, common, support, offsetsNs } = estimate;
  const [best = 0, other = 0] = offsetsNs;
  if (type === 'too-few')
    return common < 3
      ? `only ${some(common, 'frame')} ${common === 1 ? 'is' : 'are'} on both captures`
      : `no offset brings more than ${support} of the ${common} frames together that are on both captures`;
  return type === 'several'
    ? `the common frames repeat, so that it may be ${ahead(best)} or ${ahead(other)}`
    : `the common frames coincide best where it is ${ahead(best)}, as tries of one host do, too, of which each leaf heard others`;
}

function ahead(ns: number): string {
  return `${duration(Number(Math.abs(ns).toPrecision(3)))} ${ns < 0 ? 'behind' : 'ahead'}`;
}
