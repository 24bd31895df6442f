import { ALTERED, copiesIn, COPIES, LATE } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';
import { PAIRING } from './settings.js';

/** A frame that not every leaf saw in time, waiting for a late or altered copy. */
export interface Orphan extends Seen {
  readonly key: number;
  readonly loose: number;
  /** A stranger's frame, or a malformed one: only of interest as the altered copy of a host's. */
  readonly isStranger: boolean;
  /** A stranger's packet that tells a host's MAC as that of its sender. */
  readonly speaksForHost?: boolean;
  /** The nearest frame before it that every leaf had and that it may be an altered second copy of. */
  readonly mayRepeat?: Orphan;
  /** The profile does not judge it, for its tags: of interest as the copy of one that has others, in the same way. */
  readonly isUnjudged?: boolean;
  /** One leaf alone had it, soon after all leaves had the same. */
  readonly isSecond?: boolean;
  /** It has become part of another, or was settled. */
  isGone: boolean;
}

export interface Orphans {
  add(orphan: Orphan): void;
  /** Settles what can get no more copies: everything that is older than the bands before `ns`. */
  expire(ns: number): void;
  waiting(): number;
}

export interface OrphanOptions {
  /** Tags are left out of what is compared: they do not tell the original either. */
  readonly isTagless?: boolean;
}

/** Beyond this many the oldest are settled early, so that memory stays bounded whatever the captures hold. */
const MOST = 100_000;
/** Candidates that one frame is held against. */
const SCAN = 64;

/**
 * The second chance: an identical frame on another leaf that came later than copies do, or one that is alike but for
 * MAC, tags or options. `settle` gets each frame once; `drop` those that nothing is asked of and that were no copy of
 * another one; `reshaped` those whose copies have tags that are not judged.
 */
export function createOrphans(
  leaves: number,
  settle: (orphan: Orphan) => void,
  drop: (orphan: Orphan) => void,
  reshaped: (orphan: Orphan) => void = settle,
  { isTagless = false }: OrphanOptions = {},
): Orphans {
  const queue: (Orphan | undefined)[] = [];
  let oldest = 0;
  const byKey = new Map<number, Orphan[]>();
  const byLoose = new Map<number, Orphan[]>();

  /** Of those that wait, in the order they came: the nearest one on other leaves. */
  function partner(list: readonly Orphan[], orphan: Orphan, within: number): Orphan | null {
    let best: Orphan | null = null;
    let nearest = within;
    for (const other of list) {
      const distance = Math.abs(orphan.firstNs - other.firstNs);
      if (other.isGone || distance > nearest || overlap(orphan, other)) continue;
      if (isAside(other) && isAside(orphan)) continue;
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
    if (isAside(a) !== isAside(b)) return isAside(b);
    const count = (orphan: Orphan): number => orphan.words.reduce((sum, word) => sum + (copiesIn(word) > 0 ? 1 : 0), 0);
    if (count(a) !== count(b)) return count(a) > count(b);
    return a.tags !== b.tags && !isTagless ? a.tags > b.tags : a.firstNs <= b.firstNs;
  }

  function merge(a: Orphan, b: Orphan, isAltered: boolean): Orphan {
    a.isGone = true;
    b.isGone = true;
    const isByLooks = isAltered || isAside(a) || isAside(b);
    const [original, copy] = (isByLooks ? originalOf(a, b) : a.firstNs <= b.firstNs) ? [a, b] : [b, a];
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
      isUnjudged: false,
      isGone: false,
      extra: [...original.extra, ...copy.extra],
    };
  }

  /** One that just came: the nearest in time are the last. */
  function nearPartner(list: readonly Orphan[] | undefined, orphan: Orphan): Orphan | null {
    return list === undefined ? null : partner(list.slice(-SCAN), orphan, PAIRING.pairNs);
  }

  /**
   * With late copies, now that all that may be nearer to those have come: what one leaf lost must not take the copy of
   * the next frame, which says the same.
   */
  function withLateCopies(orphan: Orphan): Orphan {
    let whole = orphan;
    for (;;) {
      const late = partner((byKey.get(orphan.key) ?? []).slice(0, SCAN), whole, PAIRING.lateNs);
      if (late === null) return whole;
      whole = merge(whole, late, false);
    }
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
    if (isAside(orphan)) drop(orphan);
    else settle(withLateCopies(orphan));
  }

  return {
    add(orphan) {
      const same = nearPartner(byKey.get(orphan.key), orphan);
      const alike = same === null && orphan.loose !== 0 ? nearPartner(byLoose.get(orphan.loose), orphan) : null;
      const other = same ?? alike;
      if (other === null) {
        keep(orphan);
        return;
      }
      if (orphan.isUnjudged === true || other.isUnjudged === true) {
        reshaped(merge(orphan, other, false));
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
          orphan.firstNs + (isAside(orphan) ? 0 : PAIRING.lateNs) + PAIRING.pairNs > ns
        )
          return;
        finishOldest();
      }
    },
    waiting: () => queue.length - oldest,
  };
}

function isAside({ isStranger, isUnjudged }: Orphan): boolean {
  return isStranger || isUnjudged === true;
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
