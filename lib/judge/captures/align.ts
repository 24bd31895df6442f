import { estimateClock, type Estimate, type Samples } from './estimate.js';
import { NEIGHBOR } from './columns.js';
import { fullFrames, isFull, waiting, type Feed } from './feed.js';
import { fixedClock, trackedClock, type LeafClock } from './leafClock.js';

/** How a capture's clock came to be known. */
export interface Alignment {
  readonly clock: LeafClock;
  /** `same`: no correction wanted or needed; `measured`: from common frames; `assumed`: taken as it stands because nothing could be measured. */
  readonly how: 'same' | 'measured' | 'assumed';
  /** Why nothing could be measured. */
  readonly reason: string | null;
}

/** First tries look at fewer frames; most captures need no more. */
const TRIES = [2_048, 16_384, Number.POSITIVE_INFINITY];
/** Time stamps of healthy machines differ by less; a first try starts the earlier capture this long before the later one, ns. */
const SLACK_NS = 30_000_000_000;

/** Fills all rings as far as they go. */
export function fillRings(feeds: readonly Feed[]): void {
  for (const feed of feeds) while (feed.end === null && !isFull(feed)) feed.advance();
}

/** Measures each capture's clock against the first one's from what is in the rings; nothing is taken out of them. */
export function align(feeds: readonly Feed[], isShared: boolean, search: ((leaf: number) => Samples) | null, keepPieces: boolean): Alignment[] {
  const first = referenceOf(feeds);
  const reference = feeds[first];
  return feeds.map((feed, leaf): Alignment => {
    const asItStands = reference === undefined || reference.baseSeconds < 0 || feed.baseSeconds < 0 ? 0 : (feed.baseSeconds - reference.baseSeconds) * 1e9;
    // An empty capture has no clock, and needs none.
    if (leaf === first || isShared || reference === undefined || feed.baseSeconds < 0) return { clock: fixedClock(asItStands), how: 'same', reason: null };
    let estimate = tryRings(feed, reference, asItStands);
    if (estimate.type !== 'fit' && search !== null) estimate = estimateClock(search(leaf), search(first));
    if (estimate.type === 'fit') return { clock: trackedClock(estimate.fit, keepPieces), how: 'measured', reason: null };
    return { clock: fixedClock(asItStands), how: 'assumed', reason: reasonOf(estimate) };
  });
}

/** The capture whose clock is the common one: the first that holds anything. */
export function referenceOf(feeds: readonly Feed[]): number {
  return Math.max(0, feeds.findIndex((feed) => feed.baseSeconds >= 0));
}

function tryRings(feed: Feed, reference: Feed, asItStands: number): Estimate {
  let estimate: Estimate = { type: 'nothing-common' };
  for (const most of TRIES) {
    // The later one starts, the earlier one from shortly before that.
    const start = Math.max(feed.firstNs + asItStands, reference.firstNs) - SLACK_NS;
    const here = samplesOf(feed, start - asItStands, most);
    const there = samplesOf(reference, start, most);
    estimate = estimateClock(here.samples, there.samples);
    if (estimate.type === 'fit' || (here.isAll && there.isAll)) return estimate;
  }
  return estimate;
}

/** Neighbor frames in the ring from `fromNs` on, at most `most`; once those are found not to reach back, the ring's first ones. */
function samplesOf(feed: Feed, fromNs: number, most: number): { readonly samples: Samples; readonly isAll: boolean } {
  const { time, meta, keyA, keyB, capacity } = feed.columns;
  const out: { time: number[]; key: number[] } = { time: [], key: [] };
  // Not all that is there: how much that is depends on how the capture was read.
  const count = Math.min(waiting(feed), fullFrames(feed));
  for (let i = 0; i < count; i++) {
    const at = (feed.tail + i) & (capacity - 1);
    if (((meta[at] ?? 0) & NEIGHBOR) === 0 || (time[at] ?? 0) < fromNs) continue;
    if (out.time.length >= most) return { samples: out, isAll: false };
    out.time.push(time[at] ?? 0);
    out.key.push(keyNumber(keyA[at] ?? 0, keyB[at] ?? 0));
  }
  return { samples: out, isAll: true };
}

export function keyNumber(a: number, b: number): number {
  return (a & 0x1fffff) * 0x1_0000_0000 + (b >>> 0);
}

function reasonOf(estimate: Exclude<Estimate, { type: 'fit' }>): string {
  switch (estimate.type) {
    case 'nothing-common':
      return 'no neighbor frame is on both captures';
    case 'too-few':
      return `only ${estimate.support} frames are on both captures`;
    case 'periodic':
      return 'the common frames repeat with one period, so that a shift by it fits as well';
  }
}
