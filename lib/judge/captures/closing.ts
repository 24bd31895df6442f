import { ALTERED, copiesIn, FIRST } from '../read/sightingBits.js';
import type { Apart } from './apart.js';
import type { Arrivals } from './arrivals.js';
import { BARE_ACK, DISGUISED, FORM_BITS, FORM_SHIFT, KIND_BITS, NEIGHBOR, SENDER_SHIFT, TO_HOST } from './columns.js';
import { mayBeAlteredAgain, type AlteredAgain } from './alteredAgain.js';
import type { ClockSteps } from './clockSteps.js';
import type { ContentTally, Seen } from './contentTally.js';
import type { Encores } from './encores.js';
import { REPEATED, SEVERAL, unlink, type Entries } from './entries.js';
import type { ExtraCopies } from './extraCopies.js';
import { OBSERVE_NS, type LeafClock } from './leafClock.js';
import { keyNumber } from './align.js';
import { addTo, type MatcherCounts } from './matcherCounts.js';
import type { LateData } from './lateData.js';
import type { Orphan, Orphans } from './orphans.js';
import type { Repeats } from './repeats.js';
import { whoOf, type Retagged } from './retagged.js';
import type { CopiedData } from './copiedData.js';
import type { DataDoubts } from './dataDoubts.js';
import type { Disguises } from './disguises.js';
import type { SamePorts } from './samePort.js';
import type { SentOnce } from './sentOnce.js';
import { PAIRING } from './settings.js';
import type { Settling } from './settling.js';
import { leafOf, sightedAt } from './sighted.js';
import type { Unshared } from './unshared.js';

/** The time that is judged, on the corrected clock. */
export interface JudgedWindow {
  readonly fromNs: number;
  /**
   * From here on a copy may have come when a capture was over: known at the end. Where nothing waits for a copy,
   * nothing depends on it.
   */
  edgeNs: number;
}

/** What changes with what is closed. */
export interface Progress {
  /** Clocks are not looked at before this corrected time, ns. */
  readonly observeFrom: Float64Array;
}

export interface ClosingInput {
  readonly entries: Entries;
  readonly extras: ExtraCopies;
  readonly orphans: Orphans;
  readonly settling: Settling;
  readonly repeats: Repeats | null;
  readonly counts: MatcherCounts;
  readonly window: JudgedWindow;
  readonly clocks: readonly LeafClock[];
  readonly reference: number;
  readonly tally: ContentTally;
  readonly samePorts: SamePorts;
  readonly encores: Encores;
  readonly retagged: Retagged;
  readonly alteredAgain: AlteredAgain;
  readonly arrivals: Arrivals;
  readonly apart: Apart | null;
  readonly steps: ClockSteps;
  readonly unshared: Unshared;
  /** Whether the clocks are known. */
  readonly isSure: boolean;
  /** Null where clocks are not known. */
  readonly sentOnce: SentOnce | null;
  readonly copied: CopiedData;
  readonly doubts: DataDoubts;
  readonly disguises: Disguises;
  readonly lateData: LateData;
  readonly progress: Progress;
  readonly maxSkewNs: number | undefined;
  readonly onSettled: ((seen: Seen) => void) | undefined;
}

/**
 * Decides on the oldest open entry, which gets no more copies in time. Makes objects only of frames that are not as
 * they should be.
 */
export function createClosing(input: ClosingInput): () => void {
  const { entries, extras, orphans, settling, repeats, counts, window, clocks, reference } = input;
  const {
    tally,
    samePorts,
    encores,
    retagged,
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
  } = input;
  const { leaves } = entries;
  const { copyNs } = PAIRING;
  const { alteredAgain } = input;
  const { several, settleUnlessKept, leaveUnjudged, toBackground } = settling;

  function closeOldest(): void {
    const place = entries.oldest & (entries.capacity - 1);
    entries.oldest = (entries.oldest + 1) | 0;
    unlink(entries, place);
    const first = entries.first[place] as number;
    const info = entries.meta[place] as number;
    const sender = info >>> SENDER_SHIFT;
    const kind = info & KIND_BITS;
    const tags = (info >>> FORM_SHIFT) & FORM_BITS;
    const distinct = entries.distinct[place] as number;
    if (sender !== 0 && (info & DISGUISED) === DISGUISED) {
      if (entries.flags[place] !== 0) extras.take(place);
      disguises.note(place);
      return;
    }
    if (repeats !== null && sender !== 0 && tally.duty(kind, tags) === 'replicated')
      repeats.saw(
        entries.keyA[place] as number,
        entries.keyB[place] as number,
        entries.copies,
        entries.latest,
        place * leaves,
      );
    const isOutside = first < window.fromNs || first >= window.edgeNs;
    if (samePorts.isOpen()) {
      const isSentOnce = sender === 0 ? (info & TO_HOST) !== 0 : tally.duty(kind, tags) === 'single';
      if (distinct > 1) samePorts.note(entries.copies, entries.times, place * leaves, isSentOnce);
      else if (isSentOnce && !isOutside) samePorts.alone(leafOf(entries, place));
    }
    if (isOutside) {
      counts.outside++;
      const isRepeated = sender !== 0 && ((entries.flags[place] as number) & SEVERAL) !== 0;
      // A copy on another leaf may lie on the inner side of the edge.
      const mayGoOn =
        isSure &&
        distinct < leaves &&
        first >= window.fromNs - PAIRING.pairNs &&
        (sender === 0 ? (info & NEIGHBOR) !== 0 : tally.duty(kind, tags) === 'replicated');
      // What came to each leaf once is as it should be.
      const isWhole = distinct === leaves && entries.flags[place] === 0;
      if (!mayGoOn && !isWhole && sender !== 0 && tally.duty(kind, tags) === 'replicated')
        for (let leaf = 0; leaf < leaves; leaf++) {
          const copies = entries.copies[place * leaves + leaf] as number;
          if (copies > 0) unshared.note(sender, leaf, first < window.fromNs, copies);
        }
      if (isSure && !mayGoOn && sender !== 0 && distinct === 1 && tally.duty(kind, tags) === 'replicated')
        steps.alone(
          leafOf(entries, place),
          keyNumber(entries.keyA[place] as number, entries.keyB[place] as number),
          first,
        );
      if (!isRepeated && !mayGoOn) {
        // The next entry at this place must not be given them.
        if (entries.flags[place] !== 0) extras.take(place);
        return;
      }
      const seen = sightedAt(entries, extras, place);
      if (isRepeated) several.outside(seen);
      if (mayGoOn) orphans.add(seen);
      return;
    }
    if (repeats !== null && sender !== 0 && distinct > 1)
      repeats.note(
        entries.keyA[place] as number,
        entries.keyB[place] as number,
        (entries.last[place] as number) - first <= copyNs,
      );
    if (
      apart !== null &&
      sender !== 0 &&
      distinct > 1 &&
      ((entries.flags[place] as number) & REPEATED) === 0 &&
      tally.duty(kind, tags) === 'replicated'
    )
      apart.note(entries.copies, entries.times, place * leaves);
    if (sender !== 0 && entries.flags[place] === 0) {
      const owed = tally.duty(kind, tags);
      if (distinct === leaves && owed === 'replicated') {
        // Whole numbers are passed without allocation.
        const skew = Math.round((entries.last[place] as number) - first);
        if (maxSkewNs === undefined || skew <= maxSkewNs) {
          if (onSettled !== undefined) onSettled(sightedAt(entries, extras, place));
          if (first >= (progress.observeFrom[0] as number)) {
            progress.observeFrom[0] = first + OBSERVE_NS;
            observe(place);
          }
          encores.note(
            sender,
            kind,
            entries.keyA[place] as number,
            entries.keyB[place] as number,
            entries.first,
            place,
          );
          if ((info & NEIGHBOR) !== 0) retagged.note(place, whoOf(sender, kind), true);
          arrivals.whole(entries.first, place);
          settling.seconds.whole();
          tally.perfect(sender, kind, tags, skew);
          return;
        }
      } else if (distinct === 1 && owed === 'single') {
        const leaf = leafOf(entries, place);
        if (sentOnce !== null) {
          const before = sentOnce.before(place, leaf);
          if (before >= 0) {
            holdCopied(place, before, sentOnce);
            return;
          }
          if (sentOnce.isOwn()) {
            if (sentOnce.isOfLink()) doubts.linked(sender);
            else if (sentOnce.isOften()) doubts.repeated(sender);
            else doubts.routed(sender);
          }
          if (sentOnce.endsHold()) copied.repeated(contentOf(place));
          if (sentOnce.isLater()) lateData.later(sender, info);
          else if (sentOnce.isThird()) lateData.third(sender, info);
        }
        if (onSettled !== undefined) onSettled(sightedAt(entries, extras, place));
        tally.once(sender, kind, tags, leaf);
        return;
      }
    }
    close(place, info);
  }

  function isBareAck(place: number): boolean {
    return ((entries.meta[place] as number) & DISGUISED) === BARE_ACK;
  }

  /** What copies of data share, altered or not. */
  function contentOf(place: number): string {
    return `${entries.loose[place] ?? 0} ${entries.keyB[place] ?? 0}`;
  }

  /** A frame that must be sent once and that another leaf had before. */
  function holdCopied(place: number, leaf: number, found: SentOnce): void {
    const alone = sightedAt(entries, extras, place);
    const copy = { ...alone, words: alone.words.slice(), times: alone.times.slice(), offsets: alone.offsets.slice() };
    const { words, times, offsets } = copy;
    const ns = found.foundNs();
    const altered = found.foundAltered() ? ALTERED : 0;
    for (let other = 0; other < leaves; other++) {
      const copies = copiesIn(words[other] ?? 0);
      words[other] = copies === 0 ? 0 : copies | altered;
    }
    words[leaf] = 1 | FIRST;
    times[leaf] = ns;
    offsets[leaf] = found.foundOffset();
    if (isBareAck(place)) {
      copied.leaveAck(alone);
      return;
    }
    const seen = { ...copy, firstNs: Math.min(ns, copy.firstNs), lastNs: Math.max(ns, copy.lastNs) };
    copied.hold(contentOf(place), seen, found.foundBefore() ? -1 : leaf, alone);
  }

  /** A frame that must be sent once and that several leaves had at once. */
  function closeSeveral(place: number, orphan: Orphan, found: SentOnce): void {
    found.several(
      place,
      orphan.words.findIndex((word) => (word & FIRST) !== 0),
    );
    if (found.endsHold()) copied.repeated(contentOf(place));
    if (isBareAck(place)) copied.leaveAck(orphan);
    else if (found.isOwn()) copied.leave(orphan, found.isOfLink());
    else copied.hold(contentOf(place), orphan, -1, orphan);
  }

  /** What each clock says of a frame that every leaf saw. */
  function observe(place: number): void {
    const from = place * leaves;
    const ns = entries.times[from + reference] as number;
    for (let leaf = 0; leaf < leaves; leaf++)
      if (leaf !== reference) clocks[leaf]?.observe((entries.times[from + leaf] as number) - ns, ns);
  }

  function isSecond(place: number): boolean {
    return encores.isSecond(entries.keyA[place] as number, entries.keyB[place] as number, entries.first, place);
  }

  function close(place: number, info: number): void {
    const orphan = sightedAt(entries, extras, place);
    const { sender, kind, words } = orphan;
    const flags = entries.flags[place] as number;
    const distinct = entries.distinct[place] as number;
    if (sender === 0) {
      if ((info & TO_HOST) !== 0 && distinct > 1)
        for (let leaf = 0; leaf < leaves; leaf++)
          if (orphan.words[leaf] !== 0 && ((words[leaf] ?? 0) & FIRST) === 0)
            addTo(counts.reflected, kind * leaves + leaf, 1);
      if ((info & NEIGHBOR) !== 0 && (distinct < leaves || mayBeAlteredAgain(orphan)))
        orphans.add(alteredAgain.noticed(orphan));
      else toBackground(orphan);
      return;
    }
    const owed = tally.duty(kind, orphan.tags);
    if (owed === 'replicated' && distinct < leaves && (flags & REPEATED) === 0 && isSure)
      orphans.add(distinct === 1 && flags === 0 && isSecond(place) ? { ...orphan, isSecond: true } : orphan);
    else if (owed === 'unjudged') {
      if ((info & NEIGHBOR) !== 0) retagged.note(place, whoOf(sender, kind), false);
      if (isSure && mayBeAlteredAgain(orphan)) orphans.add(alteredAgain.noticed({ ...orphan, isStranger: true }));
      else if (isSure && distinct < leaves && (info & NEIGHBOR) !== 0) orphans.add({ ...orphan, isUnjudged: true });
      else leaveUnjudged(orphan);
    } else if (owed === 'single' && sentOnce !== null && distinct > 1) closeSeveral(place, orphan, sentOnce);
    else if (
      repeats !== null &&
      owed === 'replicated' &&
      distinct < leaves &&
      repeats.wasNear(
        entries.keyA[place] as number,
        entries.keyB[place] as number,
        entries.copies,
        place * leaves,
        orphan.firstNs,
      )
    )
      counts.ambiguous++;
    else if ((flags & REPEATED) !== 0 && (owed === 'single' || distinct === leaves)) counts.ambiguous++;
    else settleUnlessKept(orphan);
  }

  return closeOldest;
}
