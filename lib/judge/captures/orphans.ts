import { ALTERED, copiesIn, COPIES, LATE } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';
import { PAIRING } from './settings.js';

/** A frame that not every leaf saw in time, waiting for a late or altered copy. */
export interface Orphan extends Seen {
  readonly key: number;
  readonly loose: number;
  /** A stranger's frame: only of interest as the altered copy of a host's. */
  readonly isStranger: boolean;
  /** It has become part of another, or was settled. */
  isGone: boolean;
}

export interface Orphans {
  add(orphan: Orphan): void;
  /** Settles what can get no more copies: everything that is older than the bands before `ns`. */
  expire(ns: number): void;
  waiting(): number;
}

/** Beyond this many the oldest are settled early, so that memory stays bounded whatever the captures hold. */
const MOST = 100_000;
/** Candidates that one frame is held against. */
const SCAN = 64;

/**
 * The second chance: an identical frame on another leaf that came later than copies do, or one that is alike but for
 * MAC, tags or options. `settle` gets each frame once; `drop` the strangers that were nobody's copy.
 */
export function createOrphans(
  leaves: number,
  settle: (orphan: Orphan) => void,
  drop: (orphan: Orphan) => void,
): Orphans {
  const queue: (Orphan | undefined)[] = [];
  let oldest = 0;
  const byKey = new Map<number, Orphan[]>();
  const byLoose = new Map<number, Orphan[]>();

  function partner(list: readonly Orphan[] | undefined, orphan: Orphan, within: number): Orphan | null {
    let best: Orphan | null = null;
    let nearest = within;
    if (list === undefined) return null;
    // The nearest in time are the last.
    for (let i = list.length - 1, end = Math.max(0, list.length - SCAN); i >= end; i--) {
      const other = list[i];
      if (other === undefined) continue;
      const distance = Math.abs(orphan.firstNs - other.firstNs);
      if (other.isGone || distance > nearest || overlap(orphan, other)) continue;
      if (other.isStranger && orphan.isStranger) continue;
      best = other;
      nearest = distance;
    }
    return best;
  }

  function overlap(a: Orphan, b: Orphan): boolean {
    for (let leaf = 0; leaf < leaves; leaf++)
      if (copiesIn(a.words[leaf] ?? 0) > 0 && copiesIn(b.words[leaf] ?? 0) > 0) return true;
    return false;
  }

  /**
   * The one that looks more like the original: a host's own, then the one on more leaves, then the one with more tags
   * (they are lost more often than won), then the earlier.
   */
  function originalOf(a: Orphan, b: Orphan): boolean {
    if (a.isStranger !== b.isStranger) return b.isStranger;
    const count = (orphan: Orphan): number => orphan.words.reduce((sum, word) => sum + (copiesIn(word) > 0 ? 1 : 0), 0);
    if (count(a) !== count(b)) return count(a) > count(b);
    return a.tags !== b.tags ? a.tags > b.tags : a.firstNs <= b.firstNs;
  }

  function merge(a: Orphan, b: Orphan, isAltered: boolean): Orphan {
    a.isGone = true;
    b.isGone = true;
    const [original, copy] = (isAltered ? originalOf(a, b) : a.firstNs <= b.firstNs) ? [a, b] : [b, a];
    const isLate = !isAltered && copy.firstNs - original.firstNs > PAIRING.pairNs;
    const words = original.words.slice();
    const times = original.times.slice();
    const offsets = original.offsets.slice();
    for (let leaf = 0; leaf < leaves; leaf++) {
      const word = copy.words[leaf] ?? 0;
      if (copiesIn(word) === 0) continue;
      words[leaf] = (word & (COPIES | ALTERED | LATE)) | (isAltered ? ALTERED : 0) | (isLate ? LATE : 0);
      times[leaf] = copy.times[leaf] ?? 0;
      offsets[leaf] = copy.offsets[leaf] ?? 0;
    }
    return {
      ...original,
      words,
      times,
      offsets,
      firstNs: Math.min(a.firstNs, b.firstNs),
      lastNs: Math.max(a.lastNs, b.lastNs),
      isStranger: false,
      isGone: false,
      extra: [...original.extra, ...copy.extra],
    };
  }

  function keep(orphan: Orphan): void {
    if (queue.length - oldest >= MOST) finishOldest();
    queue.push(orphan);
    push(byKey, orphan.key, orphan);
    if (orphan.loose !== 0) push(byLoose, orphan.loose, orphan);
  }

  function finishOldest(): void {
    const orphan = queue[oldest];
    queue[oldest++] = undefined;
    if (oldest > 4_096 && oldest * 2 > queue.length) {
      queue.splice(0, oldest);
      oldest = 0;
    }
    if (orphan === undefined) return;
    shift(byKey, orphan.key, orphan);
    if (orphan.loose !== 0) shift(byLoose, orphan.loose, orphan);
    if (orphan.isGone) return;
    orphan.isGone = true;
    if (orphan.isStranger) drop(orphan);
    else settle(orphan);
  }

  return {
    add(orphan) {
      const same = partner(byKey.get(orphan.key), orphan, PAIRING.lateNs);
      const alike =
        same === null && orphan.loose !== 0 ? partner(byLoose.get(orphan.loose), orphan, PAIRING.pairNs) : null;
      const other = same ?? alike;
      if (other === null) {
        keep(orphan);
        return;
      }
      const merged = merge(orphan, other, same === null);
      if (merged.words.every((word) => copiesIn(word) > 0)) settle(merged);
      else keep(merged);
    },
    expire(ns) {
      for (let orphan = queue[oldest]; oldest < queue.length; orphan = queue[oldest]) {
        if (
          orphan !== undefined &&
          !orphan.isGone &&
          orphan.firstNs + (orphan.isStranger ? PAIRING.pairNs : PAIRING.lateNs) > ns
        )
          return;
        finishOldest();
      }
    },
    waiting: () => queue.length - oldest,
  };
}

function push(map: Map<number, Orphan[]>, key: number, orphan: Orphan): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [orphan]);
  else list.push(orphan);
}

function shift(map: Map<number, Orphan[]>, key: number, orphan: Orphan): void {
  const list = map.get(key);
  if (list === undefined) return;
  const at = list.indexOf(orphan);
  if (at >= 0) list.splice(at, 1);
  if (list.length === 0) map.delete(key);
}
