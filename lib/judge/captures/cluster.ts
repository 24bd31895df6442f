import { COPIES, copiesIn } from '../read/sightingBits.js';
import { burstOf, countsOf, unevenness, type Burst } from './bursts.js';
import { habitOf } from './habits.js';
import type { Orphan } from './orphans.js';
import { PAIRING } from './settings.js';

/** Parts of one burst lie closer together than this: the time of a duplicate and the skew of copies, ns. */
export const JOIN_NS = 3_000_000;

/** More than this one burst is not torn into. */
const MOST_JOINED = 8;

type Parts = [Orphan, ...Orphan[]];

/** All parts of one burst. */
export interface Cluster {
  /** In order of time. */
  readonly parts: Readonly<Parts>;
  /** The first part, with all copies of the others. */
  readonly seen: Orphan;
  readonly burst: Burst;
  readonly lastNs: number;
}

/**
 * How far apart parts of one burst may lie, ns. A frame that was held back on its way to some leaves is no part of the
 * burst there by time, yet each leaf has as many in all: what may be said again at once is looked for as far as a copy
 * that is alone (`pairNs`).
 */
export function reachOf(kind: number): number {
  const habit = habitOf(kind);
  return habit === 'answer' || habit === 'announcement' ? PAIRING.pairNs : JOIN_NS;
}

/** Parts that follow each other closely are one burst, and so are those that are less uneven together. */
export function joined(list: readonly Orphan[]): Cluster[] {
  const clusters: Parts[] = [];
  let lastNs = -Infinity;
  for (const seen of [...list].sort((a, b) => a.firstNs - b.firstNs)) {
    const parts = clusters.at(-1);
    if (parts !== undefined && seen.firstNs - lastNs < JOIN_NS) {
      parts.push(seen);
      lastNs = Math.max(lastNs, seen.lastNs);
    } else {
      clusters.push([seen]);
      lastNs = seen.lastNs;
    }
  }
  return evened(clusters.map(clusterOf));
}

/** Joins neighbors that are less uneven together: as a copy that is late elsewhere, not as one too few and one too many. */
function evened(clusters: readonly Cluster[]): Cluster[] {
  const result: Cluster[] = [];
  for (let at = 0; at < clusters.length;) {
    const [first, ...others] = clusters.slice(at, at + MOST_JOINED);
    if (first === undefined) break;
    const best = evenest(first, others);
    result.push(best.cluster);
    at += best.count;
  }
  return result;
}

function evenest(first: Cluster, others: readonly Cluster[]): { readonly cluster: Cluster; readonly count: number } {
  const parts: Parts = [...first.parts];
  let apart = unevennessOf(first);
  let best = { cluster: first, count: 1, gain: 0 };
  for (const [index, next] of others.entries()) {
    if (next.seen.firstNs - first.lastNs >= reachOf(first.seen.kind) || isEqual(first) || isEqual(next)) break;
    parts.push(...next.parts);
    apart += unevennessOf(next);
    const cluster = clusterOf(parts);
    const gain = apart - unevennessOf(cluster);
    if (gain > best.gain) best = { cluster, count: index + 2, gain };
  }
  return best;
}

function unevennessOf({ burst }: Cluster): number {
  return unevenness(countsOf(burst));
}

export function isEqual({ burst }: Pick<Cluster, 'burst'>): boolean {
  return new Set(countsOf(burst)).size === 1;
}

export function clusterOf(parts: Readonly<Parts>): Cluster {
  const [seen] = parts;
  const bursts = parts.map(burstOf);
  const times = Array.from(seen.words, (_, leaf) =>
    bursts.flatMap((part) => part.times[leaf] ?? []).sort((a, b) => a - b),
  );
  return {
    parts,
    seen: {
      ...seen,
      words: seen.words.map(
        (word, leaf) => word | parts.reduce((bits, part) => bits | ((part.words[leaf] ?? 0) & ~COPIES), 0),
      ),
      extra: parts.flatMap((part, i) => (i === 0 ? part.extra : [...firsts(part), ...part.extra])),
    },
    burst: { times },
    lastNs: Math.max(...parts.map((part) => part.lastNs)),
  };
}

/** First copies, as further ones of the burst that they belong to. */
function firsts({ words, times, offsets }: Orphan): Orphan['extra'] {
  return Array.from(words).flatMap((word, leaf) =>
    copiesIn(word) === 0 ? [] : [{ leaf, ns: times[leaf] ?? 0, offset: offsets[leaf] ?? 0 }],
  );
}
