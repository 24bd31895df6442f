import { align, fillRings, type Alignment } from './align.js';
import type { CaptureOptions } from './captureOptions.js';
import type { Feed } from './feed.js';
import type { LeafClock } from './leafClock.js';
import { PAIRING } from './settings.js';

/** The one time on which the frames of all captures are laid: the reference leaf's, whose ns 0 is its base second. */
export interface CommonTime {
  readonly reference: number;
  readonly alignments: readonly Alignment[];
  readonly clocks: readonly LeafClock[];
  /** Own time of a leaf -> common time, ns; as the clocks are known when it is asked. */
  readonly corrected: (leaf: number, own: number) => number;
  /** A clock that is not known could make a frame the copy of another one. */
  readonly isDoubtful: boolean;
  /** Identical frames on different leaves are copies of one within this time, ns. */
  readonly crossNs: number;
  /** From here on all captures were alive. */
  readonly startNs: number;
  /** From here on frames are judged. */
  readonly fromNs: number;
  /** Common time -> ns since the epoch by a leaf's own clock; as the clocks are known when it is asked. */
  readonly ownEpochNs: (leaf: number, ns: number) => bigint;
  /** How long before the end of the captures a frame must come to be judged, ns: its copies may come later. */
  readonly edgeNs: number;
  /** How far each clock is ahead of the common one at `startNs`, ns. */
  readonly aheadNs: readonly bigint[];
}

type CommonTimeOptions = Pick<CaptureOptions, 'isSharedClock' | 'search' | 'onSettled' | 'judgedFromNs'>;

/** Measures the clocks from what the captures begin with. */
export function commonTime(
  feeds: readonly Feed[],
  { isSharedClock, search, onSettled, judgedFromNs }: CommonTimeOptions,
): CommonTime {
  fillRings(feeds);
  const { reference, alignments } = align(feeds, isSharedClock, search, onSettled !== undefined);
  const clocks = alignments.map((alignment) => alignment.clock);
  const corrected = (leaf: number, own: number): number => {
    const clock = clocks[leaf];
    return clock === undefined ? own : own + clock.add + clock.rate * (own - clock.at);
  };
  // Where a frame could be taken for the copy of another one, clocks that are not known are trusted no further than
  // that.
  const isDoubtful = alignments.some(
    (alignment) => alignment.how === 'assumed' && !alignment.isAlone && !alignment.isContradicted,
  );
  const startNs = Math.max(
    ...feeds.map((feed, leaf) => (feed.firstNs === Infinity ? -Infinity : corrected(leaf, feed.firstNs))),
  );
  const crossNs = isDoubtful ? PAIRING.assumedNs : PAIRING.copyNs;
  const edgeNs = Math.max(PAIRING.pairNs, crossNs);
  const asked = judgedFromNs?.[reference];
  return {
    reference,
    alignments,
    clocks,
    corrected,
    isDoubtful,
    crossNs,
    startNs,
    fromNs: Math.max(startNs + edgeNs, asked === undefined ? -Infinity : Number(asked - epochNs(feeds[reference]))),
    ownEpochNs(leaf, ns) {
      const { add = 0, rate = 0, at = 0 } = clocks[leaf] ?? {};
      return epochNs(feeds[leaf]) + BigInt(Math.round((ns - add + rate * at) / (1 + rate)));
    },
    edgeNs,
    // As known now: while frames are read, clocks are corrected further.
    aheadNs: feeds.map((feed, leaf) => aheadOf(feed, feeds[reference], clocks[leaf], startNs)),
  };
}

function aheadOf(feed: Feed, reference: Feed | undefined, clock: LeafClock | undefined, startNs: number): bigint {
  if (clock === undefined || reference === undefined || !Number.isFinite(startNs)) return 0n;
  const own = startNs - clock.add;
  return (
    BigInt(feed.baseSeconds - reference.baseSeconds) * 1_000_000_000n -
    BigInt(Math.round(clock.add + clock.rate * (own - clock.at)))
  );
}

/** ns since the epoch of a capture's own time 0. */
export function epochNs(feed: Feed | undefined): bigint {
  return BigInt(Math.max(0, feed?.baseSeconds ?? 0)) * 1_000_000_000n;
}
