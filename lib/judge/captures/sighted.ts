import { ALTERED, COPIES, FIRST } from '../read/sightingBits.js';
import { FOR_HOST, FORM_BITS, FORM_SHIFT, KIND_BITS, SENDER_SHIFT } from './columns.js';
import { OTHER_DESTINATION, type Entries } from './entries.js';
import type { ExtraCopies } from './extraCopies.js';
import type { Orphan } from './orphans.js';

/** The first leaf that saw an entry. */
export function leafOf(entries: Entries, place: number): number {
  const { copies, leaves } = entries;
  let leaf = 0;
  while (copies[place * leaves + leaf] === 0) leaf++;
  return leaf;
}

/** What was seen of one entry, as an object of its own: the columns will hold another one. */
export function sightedAt(entries: Entries, extras: ExtraCopies, place: number): Orphan {
  const { leaves } = entries;
  const info = entries.meta[place] as number;
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
  return {
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
    ...(sender !== 0 || (info & FOR_HOST) === 0 ? {} : { speaksForHost: true }),
    isGone: false,
    extra: extras.take(place),
  };
}
