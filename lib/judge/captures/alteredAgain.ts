import { kindCode } from '../../wire/classify.js';
import { ALTERED, COPIES, copiesIn } from '../read/sightingBits.js';
import { FORM_BITS, FORM_SHIFT, KIND_BITS, SENDER_SHIFT } from './columns.js';
import type { ContentTally, Seen } from './contentTally.js';
import type { Entries } from './entries.js';
import type { ExtraCopies } from './extraCopies.js';
import type { Orphan } from './orphans.js';
import { PAIRING } from './settings.js';
import { sightedAt } from './sighted.js';

/**
 * Second copies that were altered so that they are no frames of a host by themselves, of frames that every leaf had:
 * - from another source MAC, though the packet still tells the host's own as its sender's link-layer address. A host
 * that has the same IP address says its own there.
 * - with a hop limit below 255, or otherwise malformed, which no stack sends beside the same message as it should be.
 */
export interface AlteredAgain {
  /** With the frame that it may repeat, if there is one now. */
  noticed(orphan: Orphan): Orphan;
  /** Whether a frame that became nobody's copy is such a second copy; it is counted then. */
  take(orphan: Orphan): boolean;
  /** Counts frames with their second copies, as often as they were there. Once, at the end. */
  settle(): void;
}

export interface AlteredAgainInput {
  readonly entries: Entries;
  readonly extras: ExtraCopies;
  readonly tally: ContentTally;
  readonly crossNs: number;
  readonly maxSkewNs: number | undefined;
  readonly isJudged: (ns: number) => boolean;
  readonly onSettled: ((seen: Seen) => void) | undefined;
}

/** Frames that wait for the end; of further ones each second copy counts for itself. */
const MOST = 10_000;
const MALFORMED = kindCode('nd-malformed');

/** Whether a frame may be the altered copy of a host's that had another one there. */
export function mayBeAlteredAgain({ speaksForHost, kind, loose }: Orphan): boolean {
  return loose !== 0 && (speaksForHost === true || kind === MALFORMED);
}

export function createAlteredAgain(input: AlteredAgainInput): AlteredAgain {
  const { entries, extras, tally, crossNs, maxSkewNs, isJudged, onSettled } = input;
  const frames = new Map<string, Seen>();

  function count(seen: Seen): void {
    onSettled?.(seen);
    tally.other(seen, false);
  }

  /** Whether the entry at this place, which is closed, was counted as one that is as it should be. */
  function isWhole(place: number): boolean {
    const info = entries.meta[place] as number;
    const first = entries.first[place] as number;
    return (
      info >>> SENDER_SHIFT !== 0 &&
      entries.flags[place] === 0 &&
      entries.distinct[place] === entries.leaves &&
      tally.duty(info & KIND_BITS, (info >>> FORM_SHIFT) & FORM_BITS) === 'replicated' &&
      isJudged(first) &&
      (maxSkewNs === undefined || Math.round((entries.last[place] as number) - first) <= maxSkewNs)
    );
  }

  /** The nearest such frame that is alike. Entries stay in the ring until others need their places. */
  function originalOf({ loose, firstNs, words, times, mayRepeat }: Orphan): Orphan | null {
    const mask = entries.capacity - 1;
    const leaf = words.findIndex((word) => copiesIn(word) > 0);
    let found = -1;
    const distance = (ns = 0): number => Math.abs(ns - (times[leaf] ?? 0));
    let nearest = mayRepeat === undefined ? PAIRING.pairNs : distance(mayRepeat.times[leaf]);
    for (let back = 1; back <= entries.capacity; back++) {
      const counter = (entries.oldest - back) | 0;
      const place = counter & mask;
      if (((entries.newest - counter) | 0) > entries.capacity) break;
      if ((entries.opened[place] as number) < firstNs - PAIRING.pairNs - 2 * crossNs) break;
      if (entries.loose[place] !== loose || !isWhole(place)) continue;
      const apart = distance(entries.times[place * entries.leaves + leaf]);
      if (apart > nearest) continue;
      found = place;
      nearest = apart;
    }
    return found < 0 ? (mayRepeat ?? null) : sightedAt(entries, extras, found);
  }

  return {
    noticed(orphan) {
      const original = mayBeAlteredAgain(orphan) ? originalOf(orphan) : null;
      return original === null ? orphan : { ...orphan, mayRepeat: original };
    },
    take(orphan) {
      const own = mayBeAlteredAgain(orphan) ? originalOf(orphan) : null;
      if (own === null) return false;
      const key = `${own.key} ${own.firstNs}`;
      const known = frames.get(key);
      const seen: Seen = known ?? own;
      const { words } = seen;
      orphan.words.forEach((word, leaf) => {
        if (copiesIn(word) > 0)
          words[leaf] =
            ((words[leaf] ?? 0) & ~COPIES) | ALTERED | Math.min(COPIES, copiesIn(words[leaf] ?? 0) + copiesIn(word));
      });
      const copies = Array.from(orphan.words).flatMap((word, leaf) =>
        copiesIn(word) === 0 ? [] : [{ leaf, ns: orphan.times[leaf] ?? 0, offset: orphan.offsets[leaf] ?? 0 }],
      );
      const more = { ...seen, extra: [...seen.extra, ...copies, ...orphan.extra] };
      if (known === undefined) tally.notPerfect(own.sender, own.kind, own.tags);
      if (known !== undefined || frames.size < MOST) frames.set(key, more);
      else count(more);
      return true;
    },
    settle() {
      frames.forEach(count);
      frames.clear();
    },
  };
}
