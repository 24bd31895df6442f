import { ALTERED, copiesIn, COPIES, FIRST } from '../read/sightingBits.js';
import { FORM_BITS, FORM_SHIFT, FROM_LEAF, KIND_BITS, NEIGHBOR, SENDER_SHIFT, TO_HOST } from './columns.js';
import type { Apart } from './apart.js';
import type { ContentTally, ExtraCopy, Seen } from './contentTally.js';
import type { Encores } from './encores.js';
import { canGrow, createEntries, grow, OTHER_DESTINATION, REPEATED, SEVERAL, unlink } from './entries.js';
import type { Feed } from './feed.js';
import { OBSERVE_NS, type LeafClock } from './leafClock.js';
import { createOrphans, type Orphan } from './orphans.js';
import { createRepeats } from './repeats.js';
import type { SamePorts } from './samePort.js';
import { createSentOnce } from './sentOnce.js';
import { createSeveral, type EqualBursts } from './several.js';
import { PAIRING } from './settings.js';
import type { Unjudged } from './unjudged.js';

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
  /** Where clocks are not known. */
  readonly apart: Apart | null;
  /** Number of a sender over all captures, by leaf and the capture's own number. */
  readonly senderOf: (leaf: number, number: number) => number;
  /** Identical frames on different leaves are copies of one within this time, ns. */
  readonly crossNs: number;
  /** Frames before this corrected time are out of the window. */
  readonly fromNs: number;
  /** Judged only where clocks are known. */
  readonly maxSkewNs: number | undefined;
  /** Told of every frame when it is settled, for whoever wants to draw it; costs time. */
  readonly onSettled?: (seen: Seen) => void;
}

/** What the matcher counted beside the tally. */
export interface MatcherCounts {
  /** Frames of interest before or after the window. */
  outside: number;
  /** Frames by kind and leaf that belong to nobody, or owe nothing. */
  readonly background: Float64Array;
  /** Frames that a leaf sent and that came back out of a host: by kind and leaf. */
  readonly reflected: Float64Array;
  /** Frames of which nothing can be said because the clocks are unknown. */
  ambiguous: number;
  /** Answers of which it is not known whether leaves asked for them or something doubled them. */
  twins: number;
  /** Answers that came several times to every leaf and were taken for as many answers. */
  coincident: number;
  /** Frames that came several times to every leaf, whoever multiplied them. */
  bursts: readonly EqualBursts[];
  /** Entries that had to be closed early because too many were open. */
  crowded: number;
}

export interface Matcher {
  readonly counts: MatcherCounts;
  /**
   * Takes records of all feeds up to the corrected time, which all of them have reached: whole slices, or `isLast`
   * everything.
   */
  run(untilNs: number, isLast: boolean): void;
  /** Settles everything that is inside a window which ends here. */
  finish(untilNs: number): void;
}

export const KIND_SPACE = 64;
/** Records of one leaf are taken up to this far ahead of the other leaves', ns; well below `copyNs`. */
const SLICE_NS = 2_000_000;

/**
 * Pairs frames over leaves. The hot path works on columns; objects are made only for frames that are not as they should
 * be.
 */
export function createMatcher(input: MatcherInput): Matcher {
  const { feeds, clocks, reference, muted, tally, samePorts, encores, unjudged, apart, senderOf } = input;
  const { crossNs, fromNs, onSettled } = input;
  const leaves = feeds.length;
  const { copyNs, repeatNs } = PAIRING;
  const isSure = crossNs <= copyNs;
  // What lies between copies may be the clocks'.
  const maxSkewNs = isSure ? input.maxSkewNs : undefined;
  const entries = createEntries(leaves);
  const extras = new Map<number, ExtraCopy[]>();
  const counts: MatcherCounts = {
    outside: 0,
    background: new Float64Array(KIND_SPACE * leaves),
    reflected: new Float64Array(KIND_SPACE * leaves),
    ambiguous: 0,
    twins: 0,
    coincident: 0,
    bursts: [],
    crowded: 0,
  };
  /**
   * From here on a copy may have come when a capture was over: known at the end. Where nothing waits for a copy,
   * nothing depends on it.
   */
  let edgeNs = Infinity;
  const orphans = createOrphans(
    leaves,
    (orphan) => {
      if (orphan.firstNs >= fromNs && orphan.firstNs < edgeNs) settleUnlessKept(orphan);
      else counts.outside++;
    },
    (orphan) => toBackground(orphan),
  );
  const several = createSeveral(leaves, settle);
  const repeats = isSure ? null : createRepeats(leaves);
  const sentOnce = isSure ? createSentOnce() : null;

  // By kind and tags, as they stand in `meta`: what must be sent once may be repeated at once (an MLD report is), and
  // only a copy on another leaf tells.
  const isOnce = Uint8Array.from({ length: 0x100 }, (_, info) =>
    tally.duty(info & KIND_BITS, info >>> FORM_SHIFT) === 'replicated' ? 0 : 1,
  );
  let observeFrom = -Infinity;

  /** Takes records up to a time; false when the ring of entries is full before that. */
  function take(leaf: number, until: number): boolean {
    const feed = feeds[leaf] as Feed;
    const {
      columns: { time, offset, keyA, keyB, loose, destination, meta, capacity },
    } = feed;
    const { add, rate, at: pivot } = clocks[leaf] as LeafClock;
    const e = entries;
    const { keyA: openA, keyB: openB, opened, copies, latest, next, heads, distinct, flags } = e;
    const mask = capacity - 1;
    const ring = e.capacity - 1;
    const buckets = ring * 2 + 1;
    const { head } = feed;
    let tail = feed.tail;
    let isFull = false;
    for (; tail !== head; tail = (tail + 1) | 0) {
      const at = tail & mask;
      const own = time[at] as number;
      const ns = own + add + rate * (own - pivot);
      if (ns > until) break;
      const a = keyA[at] as number;
      const b = keyB[at] as number;
      const info = meta[at] as number;
      if ((info & FROM_LEAF) !== 0) {
        if (ns >= fromNs) bump(counts.reflected, info & KIND_BITS, leaf);
        continue;
      }
      let entry = heads[a & buckets] as number;
      for (; entry >= 0; entry = next[entry] as number) {
        if (openA[entry] !== a || openB[entry] !== b) continue;
        const gap = ns - (opened[entry] as number);
        if (gap > crossNs || gap < -crossNs) continue;
        const cell = entry * leaves + leaf;
        const seen = copies[cell] as number;
        if (seen === 0) {
          copies[cell] = 1;
          e.times[cell] = ns;
          e.offsets[cell] = offset[at] as number;
          distinct[entry] = (distinct[entry] as number) + 1;
          const other = destination[at] as number;
          if (e.destination[entry] !== other && other !== 0 && e.destination[entry] !== 0)
            flags[entry] = (flags[entry] as number) | OTHER_DESTINATION;
        } else if (isOnce[info & 0xff] !== 0)
          continue; // its sender's own repeat: a frame of its own
        else if (ns - (latest[cell] as number) <= repeatNs) {
          if (seen < 255) copies[cell] = seen + 1;
          flags[entry] = (flags[entry] as number) | SEVERAL;
          noteExtra(entry, leaf, ns, offset[at] as number);
        } else if (isSure) continue;
        else flags[entry] = (flags[entry] as number) | REPEATED;
        latest[cell] = ns;
        if (ns < (e.first[entry] as number)) e.first[entry] = ns;
        if (ns > (e.last[entry] as number)) e.last[entry] = ns;
        break;
      }
      if (entry >= 0) continue;
      if (((e.newest - e.oldest) | 0) > ring) {
        isFull = true;
        break;
      }
      const place = e.newest & ring;
      e.newest = (e.newest + 1) | 0;
      openA[place] = a;
      openB[place] = b;
      e.loose[place] = loose[at] as number;
      e.destination[place] = destination[at] as number;
      e.meta[place] =
        (info & 0xfff) | (info >>> SENDER_SHIFT === 0 ? 0 : senderOf(leaf, info >>> SENDER_SHIFT) << SENDER_SHIFT);
      opened[place] = e.first[place] = e.last[place] = ns;
      distinct[place] = 1;
      flags[place] = 0;
      const from = place * leaves;
      for (let i = from; i < from + leaves; i++) copies[i] = 0;
      copies[from + leaf] = 1;
      e.times[from + leaf] = latest[from + leaf] = ns;
      e.offsets[from + leaf] = offset[at] as number;
      const bucket = a & buckets;
      next[place] = heads[bucket] as number;
      heads[bucket] = place;
    }
    feed.tail = tail;
    feed.release();
    return !isFull;
  }

  function noteExtra(place: number, leaf: number, ns: number, offset: number): void {
    const known = extras.get(place);
    if (known === undefined) extras.set(place, [{ leaf, ns, offset }]);
    else known.push({ leaf, ns, offset });
  }

  function makeRoom(): void {
    if (canGrow(entries)) {
      const places = [...extras].map(([place, extra]) => [counterAt(place), extra] as const);
      grow(entries);
      extras.clear();
      for (const [counter, extra] of places) extras.set(counter & (entries.capacity - 1), extra);
    } else {
      counts.crowded++;
      closeOldest();
    }
  }

  /** The counter of an open entry. */
  function counterAt(place: number): number {
    return (entries.oldest + ((place - entries.oldest) & (entries.capacity - 1))) | 0;
  }

  function expire(before: number): void {
    while (
      entries.oldest !== entries.newest &&
      (entries.opened[entries.oldest & (entries.capacity - 1)] as number) < before
    )
      closeOldest();
    orphans.expire(before);
  }

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
    if (repeats !== null && sender !== 0 && tally.duty(kind, tags) === 'replicated')
      repeats.saw(
        entries.keyA[place] as number,
        entries.keyB[place] as number,
        entries.copies,
        entries.latest,
        place * leaves,
      );
    const isOutside = first < fromNs || first >= edgeNs;
    if (samePorts.isOpen()) {
      const isSentOnce = sender === 0 ? (info & TO_HOST) !== 0 : tally.duty(kind, tags) === 'single';
      if (distinct > 1) samePorts.note(entries.copies, entries.times, place * leaves, isSentOnce);
      else if (isSentOnce && !isOutside) samePorts.alone(leafOf(place));
    }
    if (isOutside) {
      counts.outside++;
      const isRepeated = sender !== 0 && ((entries.flags[place] as number) & SEVERAL) !== 0;
      // A copy on another leaf may lie on the inner side of the edge.
      const mayGoOn =
        isSure &&
        distinct < leaves &&
        first >= fromNs - PAIRING.pairNs &&
        (sender === 0 ? (info & NEIGHBOR) !== 0 : tally.duty(kind, tags) === 'replicated');
      if (!isRepeated && !mayGoOn) return;
      const seen = seenAt(place, info);
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
          if (onSettled !== undefined) onSettled(seenAt(place, info));
          if (first >= observeFrom) {
            observeFrom = first + OBSERVE_NS;
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
          tally.perfect(sender, kind, tags, skew);
          return;
        }
      } else if (distinct === 1 && owed === 'single') {
        const leaf = leafOf(place);
        if (sentOnce !== null) {
          const before = sentOnce.before(
            entries.keyA[place] as number,
            entries.keyB[place] as number,
            leaf,
            entries.times,
            entries.offsets,
            place * leaves + leaf,
          );
          if (before >= 0) {
            if (!sentOnce.foundBefore()) tally.notOnce(sender, kind, tags, before);
            settleCopied(seenAt(place, info), before, sentOnce.foundNs(), sentOnce.foundOffset());
            return;
          }
        }
        if (onSettled !== undefined) onSettled(seenAt(place, info));
        tally.once(sender, kind, tags, leaf);
        return;
      }
    }
    close(place, info);
  }

  /** The first leaf that saw it. */
  function leafOf(place: number): number {
    let leaf = 0;
    while (entries.copies[place * leaves + leaf] === 0) leaf++;
    return leaf;
  }

  /** A frame that must be sent once and that another leaf had before. */
  function settleCopied(copy: Orphan, leaf: number, ns: number, offset: number): void {
    const { words, times, offsets } = copy;
    for (let other = 0; other < leaves; other++) words[other] = copiesIn(words[other] ?? 0);
    words[leaf] = 1 | FIRST;
    times[leaf] = ns;
    offsets[leaf] = offset;
    settle({ ...copy, firstNs: Math.min(ns, copy.firstNs), lastNs: Math.max(ns, copy.lastNs) });
  }

  /** What each clock says of a frame that every leaf saw. */
  function observe(place: number): void {
    const from = place * leaves;
    const ns = entries.times[from + reference] as number;
    for (let leaf = 0; leaf < leaves; leaf++)
      if (leaf !== reference) clocks[leaf]?.observe((entries.times[from + leaf] as number) - ns, ns);
  }

  function seenAt(place: number, info: number): Orphan {
    const from = place * leaves;
    const flags = entries.flags[place] as number;
    const times = entries.times.slice(from, from + leaves);
    const firstNs = entries.first[place] as number;
    const words = new Uint8Array(leaves);
    let isFirstMarked = false;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const copies = entries.copies[from + leaf] as number;
      let word = Math.min(copies, COPIES);
      // Whose destination differs is not known; the first copy is the sender's word.
      if ((flags & OTHER_DESTINATION) !== 0 && copies > 0 && times[leaf] !== firstNs) word |= ALTERED;
      if (copies > 0 && times[leaf] === firstNs && !isFirstMarked) {
        word |= FIRST;
        isFirstMarked = true;
      }
      words[leaf] = word;
    }
    const sender = info >>> SENDER_SHIFT;
    const seen: Orphan = {
      sender,
      kind: info & KIND_BITS,
      tags: (info >>> FORM_SHIFT) & FORM_BITS,
      words,
      times,
      offsets: entries.offsets.slice(from, from + leaves),
      firstNs,
      lastNs: entries.last[place] as number,
      key: ((entries.keyA[place] as number) & 0x1fffff) * 0x1_0000_0000 + ((entries.keyB[place] as number) >>> 0),
      loose: entries.loose[place] as number,
      isStranger: sender === 0,
      isGone: false,
      extra: extras.get(place) ?? [],
    };
    extras.delete(place);
    return seen;
  }

  function close(place: number, info: number): void {
    const orphan = seenAt(place, info);
    const { sender, kind, words } = orphan;
    const flags = entries.flags[place] as number;
    const distinct = entries.distinct[place] as number;
    if (sender === 0) {
      if ((info & TO_HOST) !== 0 && distinct > 1)
        for (let leaf = 0; leaf < leaves; leaf++)
          if (orphan.words[leaf] !== 0 && ((words[leaf] ?? 0) & FIRST) === 0) bump(counts.reflected, kind, leaf);
      if ((info & NEIGHBOR) !== 0 && distinct < leaves) orphans.add(orphan);
      else toBackground(orphan);
      return;
    }
    const owed = tally.duty(kind, orphan.tags);
    if (owed === 'replicated' && distinct < leaves && (flags & REPEATED) === 0 && isSure) orphans.add(orphan);
    else if (owed === 'unjudged') {
      unjudged.note(orphan);
      toBackground(orphan);
    } else if (
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

  function settleUnlessKept(seen: Orphan): void {
    if (tally.duty(seen.kind, seen.tags) !== 'replicated' || !several.keep(seen)) settle(seen);
  }

  function settle(seen: Orphan): void {
    if (onSettled !== undefined) onSettled(seen);
    const skew = seen.lastNs - seen.firstNs;
    if (
      tally.duty(seen.kind, seen.tags) === 'replicated' &&
      seen.words.reduce((sum, word) => sum + (word & COPIES), 0) > 1
    )
      tally.skews.add(skew);
    tally.other(seen, maxSkewNs !== undefined && skew > maxSkewNs && tally.duty(seen.kind, seen.tags) === 'replicated');
  }

  function toBackground(orphan: Orphan): void {
    if (onSettled !== undefined) onSettled(orphan);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const copies = (orphan.words[leaf] ?? 0) & COPIES;
      if (copies > 0)
        counts.background[orphan.kind * leaves + leaf] = (counts.background[orphan.kind * leaves + leaf] ?? 0) + copies;
    }
  }

  function bump(sums: Float64Array, kind: number, leaf: number): void {
    sums[kind * leaves + leaf] = (sums[kind * leaves + leaf] as number) + 1;
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
    for (let leaf = 0; leaf < leaves; leaf++) while (!take(leaf, until)) makeRoom();
    expire(until - crossNs - SLICE_NS);
  }

  return {
    counts,
    run(untilNs, isLast) {
      feeds.forEach((feed, leaf) => {
        if (muted[leaf] !== true) return;
        feed.tail = feed.head;
        feed.release();
      });
      // On a fixed grid, so that a judgement does not depend on how the captures happened to be read.
      const last = Math.floor(untilNs / SLICE_NS) * SLICE_NS;
      for (let slice = nextSlice(); slice <= last; slice = nextSlice()) step(slice);
      if (isLast) step(untilNs);
    },
    finish(untilNs) {
      const end = untilNs - Math.max(PAIRING.pairNs, crossNs);
      expire(end);
      edgeNs = end;
      // What was only just opened, or waits for a late copy, in the window or not.
      while (entries.oldest !== entries.newest) closeOldest();
      orphans.expire(Infinity);
      const decided = several.finish(tally, end);
      counts.twins = decided.unknown;
      counts.coincident = decided.coincident;
      counts.bursts = decided.bursts;
      counts.ambiguous += repeats?.ambiguous() ?? 0;
    },
  };
}
