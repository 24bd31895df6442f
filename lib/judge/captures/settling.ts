import { COPIES, copiesIn } from '../read/sightingBits.js';
import type { Arrivals } from './arrivals.js';
import type { Between } from './between.js';
import type { ClockSteps } from './clockSteps.js';
import type { ContentTally, Seen } from './contentTally.js';
import type { Malformed } from './malformed.js';
import { addTo, type MatcherCounts } from './matcherCounts.js';
import type { Orphan } from './orphans.js';
import { createSecondCopies, type SecondCopies } from './secondCopies.js';
import { createSeveral, type Several } from './several.js';
import type { TableRoom } from './tableRoom.js';
import type { Unjudged } from './unjudged.js';

export interface SettlingInput {
  readonly leaves: number;
  readonly tally: ContentTally;
  readonly arrivals: Arrivals;
  readonly counts: Pick<MatcherCounts, 'background' | 'reshaped'>;
  readonly unjudged: Unjudged;
  readonly malformed: Malformed;
  readonly steps: ClockSteps;
  readonly between: Between;
  readonly maxSkewNs: number | undefined;
  /** Whether the place of a leaf's capture may show frames once more, as a trap does. */
  readonly mayShowSecond: (leaf: number) => boolean;
  readonly onSettled: ((seen: Seen) => void) | undefined;
  /** No tags are known of any frame. */
  readonly isTagless: boolean;
  readonly room: TableRoom;
}

/** Where a frame ends that is not as it should be, or owes nothing. */
export interface Settling {
  readonly several: Several;
  readonly seconds: SecondCopies;
  /** Counts it as it was seen. */
  readonly settle: (seen: Orphan) => void;
  /** The same, unless it is kept until the end: what came several times may be a burst. */
  readonly settleUnlessKept: (seen: Orphan) => void;
  /** Settles what may have come between two files of a capture, now that their times are known. */
  readonly settleBetween: () => void;
  /** The profile does not judge it. */
  readonly leaveUnjudged: (seen: Orphan) => void;
  /** Its copies differ from leaf to leaf in tags that the profile does not judge. */
  readonly settleReshaped: (seen: Orphan) => void;
  /** It belongs to nobody, or owes nothing. */
  readonly toBackground: (seen: Orphan) => void;
}

export function createSettling({
  leaves,
  tally,
  arrivals,
  counts,
  unjudged,
  malformed,
  steps,
  between,
  maxSkewNs,
  mayShowSecond,
  onSettled,
  isTagless,
  room,
}: SettlingInput): Settling {
  const several = createSeveral(leaves, settle, isTagless);
  const seconds = createSecondCopies(leaves, mayShowSecond, settle, room);

  function settleUnlessKept(seen: Orphan): void {
    const isReplicated = tally.duty(seen.kind, seen.tags) === 'replicated';
    // A part of a burst first: on another leaf it may have come a little closer to the rest.
    const isPart = isReplicated && several.keep(seen);
    const isAlone = seen.words.filter((word) => copiesIn(word) > 0).length === 1;
    if (!isPart && seen.isSecond === true && isAlone && seconds.keep(seen)) return;
    if (isReplicated) seconds.other(seen.words);
    if (isPart) return;
    if (!isReplicated || !between.keep(seen)) settle(seen);
  }

  function settleBetween(): void {
    between.finish(toBackground, (seen) => {
      if (!several.keep(seen)) settle(seen);
    });
  }

  function settle(seen: Orphan): void {
    if (onSettled !== undefined) onSettled(seen);
    const skew = seen.lastNs - seen.firstNs;
    const isReplicated = tally.duty(seen.kind, seen.tags) === 'replicated';
    if (isReplicated) {
      arrivals.other(seen);
      steps.note(seen);
    }
    if (isReplicated && seen.words.reduce((sum, word) => sum + (word & COPIES), 0) > 1) tally.skews.add(skew);
    tally.other(seen, maxSkewNs !== undefined && skew > maxSkewNs && isReplicated);
  }

  function toBackground(orphan: Orphan): void {
    if (onSettled !== undefined) onSettled(orphan);
    malformed.note(orphan);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const copies = (orphan.words[leaf] ?? 0) & COPIES;
      if (copies > 0) addTo(counts.background, orphan.kind * leaves + leaf, copies);
    }
  }

  function leaveUnjudged(seen: Orphan): void {
    unjudged.note(seen);
    toBackground(seen);
  }

  function settleReshaped(seen: Orphan): void {
    for (let leaf = 0; leaf < leaves; leaf++) if (copiesIn(seen.words[leaf] ?? 0) > 0) addTo(counts.reshaped, leaf, 1);
    // How often each leaf saw it is not known either: further copies of those that are not judged are not counted.
    settle({ ...seen, words: seen.words.map((word) => (copiesIn(word) > 1 ? (word & ~COPIES) | 1 : word)), extra: [] });
  }

  return { several, seconds, settle, settleUnlessKept, settleBetween, leaveUnjudged, settleReshaped, toBackground };
}
