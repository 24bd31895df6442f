import { createAlteredAgain } from './alteredAgain.js';
import type { Apart } from './apart.js';
import type { Arrivals } from './arrivals.js';
import { keyNumber } from './align.js';
import type { Between } from './between.js';
import { createClosing, type JudgedWindow, type Progress } from './closing.js';
import type { ClockSteps } from './clockSteps.js';
import type { ContentTally, Seen } from './contentTally.js';
import { FORM_BITS, FORM_SHIFT, FROM_LEAF, KIND_BITS, SENDER_SHIFT } from './columns.js';
import type { Encores } from './encores.js';
import { createCopiedData } from './copiedData.js';
import { createDataDoubts, type DataDoubts } from './dataDoubts.js';
import { createDisguises, type Disguises } from './disguises.js';
import { canGrow, createEntries } from './entries.js';
import { createExtraCopies } from './extraCopies.js';
import { createFastMatcher } from './fastMatcher.js';
import type { FastMatching } from './fastMatching.js';
import type { Feed } from './feed.js';
import { createIntake } from './intake.js';
import type { LeafClock } from './leafClock.js';
import { createLateData, type LateData } from './lateData.js';
import { createMalformed, type Malformed } from './malformed.js';
import { createMatcherCounts, type MatcherCounts } from './matcherCounts.js';
import { createOrphans } from './orphans.js';
import { createRepeats } from './repeats.js';
import { createRetagged, type Retagged } from './retagged.js';
import type { SamePorts } from './samePort.js';
import { copiesIn } from '../read/sightingBits.js';
import type { Senders } from './senders.js';
import { createSentOnce } from './sentOnce.js';
import { PAIRING } from './settings.js';
import { createSettling } from './settling.js';
import type { TableRoom } from './tableRoom.js';
import type { Unjudged } from './unjudged.js';
import type { Unshared } from './unshared.js';

export interface MatcherInput {
  readonly feeds: readonly Feed[];
  readonly clocks: readonly LeafClock[];
  /** The leaf whose clock the others are measured against. */
  readonly reference: number;
  /** Captures whose frames are taken for nothing, by leaf: when they came is not known. */
  readonly muted: readonly boolean[];
  readonly tally: ContentTally;
  readonly samePorts: SamePorts;
  readonly encores: Encores;
  readonly unjudged: Unjudged;
  readonly arrivals: Arrivals;
  /** Where clocks are not known. */
  readonly apart: Apart | null;
  readonly steps: ClockSteps;
  readonly unshared: Unshared;
  readonly between: Between;
  readonly senders: Senders;
  /** Identical frames on different leaves are copies of one within this time, ns. */
  readonly crossNs: number;
  /** Frames are compared without their tags. */
  readonly isTagless?: boolean;
  /** Frames before this corrected time are out of the window. */
  readonly fromNs: number;
  /** Whether the place of a leaf's capture may show frames once more, as a trap does. */
  readonly mayShowSecond: (leaf: number) => boolean;
  /** Judged only where clocks are known. */
  readonly maxSkewNs: number | undefined;
  /** Told of every frame when it is settled, for whoever wants to draw it; costs time. */
  readonly onSettled?: (seen: Seen) => void;
  /** Where tables are. */
  readonly room: TableRoom;
  /** Pairs what is plain. Null where clocks are not known, and where somebody is told of every frame. */
  readonly fast: FastMatching | null;
}

export interface Matcher {
  readonly counts: MatcherCounts;
  readonly retagged: Retagged;
  readonly malformed: Malformed;
  readonly doubts: DataDoubts;
  readonly disguises: Disguises;
  readonly lateData: LateData;
  /**
   * Takes records of all feeds up to the corrected time, which all of them have reached: whole slices, or `isLast`
   * everything.
   */
  run(untilNs: number, isLast: boolean): void;
  /** Lets go of what a leaf's ring holds: it came when another capture was over. */
  leave(leaf: number): void;
  /** Settles everything that is inside a window which ends here. */
  finish(untilNs: number): void;
}

/** Records of one leaf are taken up to this far ahead of the other leaves', ns; well below `copyNs`. */
const SLICE_NS = 2_000_000;

/**
 * Pairs frames over leaves: records are taken in (`createIntake`), and what gets no more copies is closed
 * (`createClosing`), slice by slice.
 */
export function createMatcher(input: MatcherInput): Matcher {
  const {
    feeds,
    clocks,
    reference,
    muted,
    tally,
    samePorts,
    encores,
    unjudged,
    arrivals,
    apart,
    steps,
    between,
    unshared,
  } = input;
  const { senders, crossNs, fromNs, isTagless = false, mayShowSecond, onSettled, room } = input;
  const leaves = feeds.length;
  const isSure = crossNs <= PAIRING.copyNs;
  // What lies between copies may be the clocks'.
  const maxSkewNs = isSure ? input.maxSkewNs : undefined;
  const entries = createEntries(leaves, input.fast === null ? null : room);
  const extras = createExtraCopies(entries);
  const counts = createMatcherCounts(leaves, room);
  const retagged = createRetagged(entries, room);
  const malformed = createMalformed();
  const sentOnce = isSure ? createSentOnce(entries, room) : null;
  const doubts = createDataDoubts();
  const progress: Progress = { observeFrom: room.numbers(1).fill(-Infinity) };
  const window: JudgedWindow = { fromNs, edgeNs: Infinity };
  const isJudged = (ns: number): boolean => ns >= window.fromNs && ns < window.edgeNs;
  const settling = createSettling({
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
  });
  const alteredAgain = createAlteredAgain({ entries, extras, tally, crossNs, maxSkewNs, isJudged, onSettled });
  const orphans = createOrphans(
    leaves,
    (orphan) => {
      if (isJudged(orphan.firstNs)) settling.settleUnlessKept(orphan);
      else {
        counts.outside++;
        steps.note(orphan, isJudged);
        // Found late, but as often as it should be.
        if (orphan.words.every((word) => copiesIn(word) === 1)) return;
        orphan.words.forEach((word, leaf) => {
          if (copiesIn(word) > 0) unshared.note(orphan.sender, leaf, orphan.firstNs < fromNs, copiesIn(word));
        });
      }
    },
    (orphan) => {
      if (alteredAgain.take(orphan)) return;
      if (orphan.isUnjudged === true) settling.leaveUnjudged(orphan);
      else settling.toBackground(orphan);
    },
    settling.settleReshaped,
    { isTagless },
  );
  const copied = createCopiedData(tally, doubts, settling.settle, onSettled);
  const lateData = createLateData();
  const disguises = createDisguises(
    entries,
    sentOnce,
    (place) => (entries.meta[place] as number) >>> SENDER_SHIFT,
    isJudged,
  );
  /** What waits for more. */
  const held = {
    expire(before: number) {
      orphans.expire(before);
      copied.expire(before);
      disguises.expire(before);
    },
    waiting: () => orphans.waiting() + copied.waiting() + disguises.waiting(),
  };
  const repeats = isSure ? null : createRepeats(leaves);
  const take = createIntake({
    feeds,
    clocks,
    entries,
    extras,
    counts,
    tally,
    senderOf: (leaf, own) => senders.numberOf(leaf, own),
    crossNs,
    fromNs,
  });
  const closeOldest = createClosing({
    entries,
    extras,
    orphans,
    settling,
    repeats,
    counts,
    window,
    clocks,
    reference,
    tally,
    samePorts,
    encores,
    retagged,
    alteredAgain,
    arrivals,
    apart,
    steps,
    unshared,
    isSure,
    sentOnce,
    copied,
    doubts,
    disguises,
    lateData,
    progress,
    maxSkewNs,
    onSettled,
  });
  const fast =
    input.fast === null || sentOnce === null || isTagless
      ? null
      : createFastMatcher(input.fast, room, {
          feeds,
          clocks,
          reference,
          entries,
          extras,
          counts,
          tally,
          samePorts,
          encores,
          retagged,
          sentOnce,
          arrivals,
          seconds: settling.seconds,
          senders,
          progress,
          orphans: held,
          sliceNs: SLICE_NS,
          crossNs,
          fromNs,
          maxSkewNs,
          closeOldest,
          makeRoom,
        });

  function makeRoom(): void {
    if (canGrow(entries)) {
      extras.growEntries();
      fast?.grown();
    } else {
      counts.crowded++;
      closeOldest();
    }
  }

  function expire(before: number): void {
    if (fast?.isReady() === true) fast.expire(before);
    while (
      entries.oldest !== entries.newest &&
      (entries.opened[entries.oldest & (entries.capacity - 1)] as number) < before
    )
      closeOldest();
    held.expire(before);
  }

  function earliest(): number {
    let least = Infinity;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const feed = feeds[leaf] as Feed;
      if (feed.head === feed.tail) continue;
      const own = feed.columns.time[feed.tail & (feed.columns.capacity - 1)] as number;
      const { add, rate, at } = clocks[leaf] as LeafClock;
      const ns = own + add + rate * (own - at);
      if (ns < least) least = ns;
    }
    return least;
  }

  /** End of the slice that holds the earliest record. */
  function nextSlice(): number {
    return (Math.floor(earliest() / SLICE_NS) + 1) * SLICE_NS;
  }

  function step(until: number): void {
    if (fast?.isReady() === true && fast.step(until)) return;
    for (let leaf = 0; leaf < leaves; leaf++) while (!take(leaf, until)) makeRoom();
    expire(until - crossNs - SLICE_NS);
  }

  function leave(leaf: number): void {
    const feed = feeds[leaf] as Feed;
    const { time, keyA, keyB, meta, capacity } = feed.columns;
    const { add, rate, at: pivot } = clocks[leaf] as LeafClock;
    for (; feed.tail !== feed.head; feed.tail = (feed.tail + 1) | 0) {
      const at = feed.tail & (capacity - 1);
      const info = meta[at] as number;
      if (info >>> SENDER_SHIFT === 0 || (info & FROM_LEAF) !== 0) continue;
      if (tally.duty(info & KIND_BITS, (info >>> FORM_SHIFT) & FORM_BITS) !== 'replicated') continue;
      unshared.note(senders.numberOf(leaf, info >>> SENDER_SHIFT), leaf, false, 1);
      if (!isSure) continue;
      const own = time[at] as number;
      steps.alone(leaf, keyNumber(keyA[at] as number, keyB[at] as number), own + add + rate * (own - pivot));
    }
    feed.tail = feed.head;
    feed.release();
  }

  return {
    counts,
    retagged,
    malformed,
    doubts,
    disguises,
    lateData,
    leave,
    run(untilNs, isLast) {
      feeds.forEach((feed, leaf) => {
        if (muted[leaf] !== true) return;
        feed.tail = feed.head;
        feed.release();
      });
      // On a fixed grid, so that a judgement does not depend on how the captures happened to be read.
      const last = Math.floor(untilNs / SLICE_NS) * SLICE_NS;
      let slice = fast?.isReady() === true ? fast.run(last) : nextSlice();
      for (; slice <= last; slice = nextSlice()) step(slice);
      if (isLast) step(untilNs);
    },
    finish(untilNs) {
      const end = untilNs - Math.max(PAIRING.pairNs, crossNs);
      feeds.forEach((_, leaf) => {
        leave(leaf);
      });
      expire(end);
      window.edgeNs = end;
      // What was only just opened, or waits for a late copy, in the window or not.
      while (entries.oldest !== entries.newest) closeOldest();
      held.expire(Infinity);
      alteredAgain.settle();
      settling.settleBetween();
      counts.second = settling.seconds.finish();
      const decided = settling.several.finish(tally, end);
      counts.twins = decided.unknown;
      counts.coincident = decided.coincident;
      counts.bursts = decided.bursts;
      counts.ambiguous += repeats?.ambiguous() ?? 0;
    },
  };
}
