import { FORM_SHIFT, FROM_LEAF, KIND_BITS, SENDER_SHIFT } from './columns.js';
import type { ContentTally } from './contentTally.js';
import { OTHER_DESTINATION, REPEATED, SEVERAL, type Entries } from './entries.js';
import type { ExtraCopies } from './extraCopies.js';
import type { Feed } from './feed.js';
import type { LeafClock } from './leafClock.js';
import { addTo, type MatcherCounts } from './matcherCounts.js';
import { PAIRING } from './settings.js';

export interface IntakeInput {
  readonly feeds: readonly Feed[];
  readonly clocks: readonly LeafClock[];
  readonly entries: Entries;
  readonly extras: ExtraCopies;
  readonly counts: Pick<MatcherCounts, 'reflected'>;
  readonly tally: Pick<ContentTally, 'duty'>;
  readonly senderOf: (leaf: number, number: number) => number;
  readonly crossNs: number;
  readonly fromNs: number;
}

/** Takes records of a leaf up to a corrected time; false when the ring of entries is full before that. */
export type Intake = (leaf: number, untilNs: number) => boolean;

/**
 * Puts each record to the open entry of which it is a copy, or opens one. This is the hot path: it works on columns and
 * makes no object but for a copy too many.
 */
export function createIntake(input: IntakeInput): Intake {
  const { feeds, clocks, entries, extras, counts, tally, senderOf, crossNs, fromNs } = input;
  const { leaves } = entries;
  const { copyNs, repeatNs } = PAIRING;
  const isSure = crossNs <= copyNs;
  // By kind and tags, as they stand in `meta`: what must be sent once may be repeated at once (an MLD report is), and
  // only a copy on another leaf tells.
  const isOnce = Uint8Array.from({ length: 0x100 }, (_, info) =>
    tally.duty(info & KIND_BITS, info >>> FORM_SHIFT) === 'replicated' ? 0 : 1,
  );

  return function take(leaf, until) {
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
        if (ns >= fromNs) addTo(counts.reflected, (info & KIND_BITS) * leaves + leaf, 1);
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
          extras.note(entry, { leaf, ns, offset: offset[at] as number });
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
  };
}
