import { COPIES } from '../read/sightingBits.js';
import type { Arrivals } from './arrivals.js';
import type { ContentTally, Seen } from './contentTally.js';
import { addTo, type MatcherCounts } from './matcherCounts.js';
import type { Orphan } from './orphans.js';
import { createSeveral, type Several } from './several.js';

export interface SettlingInput {
  readonly leaves: number;
  readonly tally: ContentTally;
  readonly arrivals: Arrivals;
  readonly counts: Pick<MatcherCounts, 'background'>;
  readonly maxSkewNs: number | undefined;
  readonly onSettled: ((seen: Seen) => void) | undefined;
}

/** Where a frame ends that is not as it should be, or owes nothing. */
export interface Settling {
  readonly several: Several;
  /** Counts it as it was seen. */
  readonly settle: (seen: Orphan) => void;
  /** The same, unless it is kept until the end: what came several times may be a burst. */
  readonly settleUnlessKept: (seen: Orphan) => void;
  /** It belongs to nobody, or owes nothing. */
  readonly toBackground: (seen: Orphan) => void;
}

export function createSettling({ leaves, tally, arrivals, counts, maxSkewNs, onSettled }: SettlingInput): Settling {
  const several = createSeveral(leaves, settle);

  function settleUnlessKept(seen: Orphan): void {
    if (tally.duty(seen.kind, seen.tags) !== 'replicated' || !several.keep(seen)) settle(seen);
  }

  function settle(seen: Orphan): void {
    if (onSettled !== undefined) onSettled(seen);
    const skew = seen.lastNs - seen.firstNs;
    const isReplicated = tally.duty(seen.kind, seen.tags) === 'replicated';
    if (isReplicated) arrivals.other(seen);
    if (isReplicated && seen.words.reduce((sum, word) => sum + (word & COPIES), 0) > 1) tally.skews.add(skew);
    tally.other(seen, maxSkewNs !== undefined && skew > maxSkewNs && isReplicated);
  }

  function toBackground(orphan: Orphan): void {
    if (onSettled !== undefined) onSettled(orphan);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const copies = (orphan.words[leaf] ?? 0) & COPIES;
      if (copies > 0) addTo(counts.background, orphan.kind * leaves + leaf, copies);
    }
  }

  return { several, settle, settleUnlessKept, toBackground };
}
