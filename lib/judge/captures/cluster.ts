import { COPIES, copiesIn } from '../read/sightingBits.js';
import { burstOf, type Burst } from './bursts.js';
import type { Orphan } from './orphans.js';

/** Parts of one burst lie closer together than this: the time of a duplicate and the skew of copies, ns. */
export const JOIN_NS = 3_000_000;

/** All parts of one burst. */
export interface Cluster {
  /** The first part, with all copies of the others. */
  readonly seen: Orphan;
  readonly burst: Burst;
  readonly lastNs: number;
}

/** Parts that follow each other closely are one burst. */
export function joined(list: readonly Orphan[]): Cluster[] {
  const clusters: { seen: Orphan; parts: Orphan[]; lastNs: number }[] = [];
  for (const seen of [...list].sort((a, b) => a.firstNs - b.firstNs)) {
    const last = clusters.at(-1);
    if (last !== undefined && seen.firstNs - last.lastNs < JOIN_NS) {
      last.parts.push(seen);
      last.lastNs = Math.max(last.lastNs, seen.lastNs);
    } else clusters.push({ seen, parts: [seen], lastNs: seen.lastNs });
  }
  return clusters.map(({ seen, parts, lastNs }) => {
    const bursts = parts.map(burstOf);
    const times = Array.from(seen.words, (_, leaf) =>
      bursts.flatMap((part) => part.times[leaf] ?? []).sort((a, b) => a - b),
    );
    return {
      seen: {
        ...seen,
        words: seen.words.map(
          (word, leaf) => word | parts.reduce((bits, part) => bits | ((part.words[leaf] ?? 0) & ~COPIES), 0),
        ),
        extra: parts.flatMap((part, i) => (i === 0 ? part.extra : [...firsts(part), ...part.extra])),
      },
      burst: { times },
      lastNs,
    };
  });
}

/** First copies, as further ones of the burst that they belong to. */
function firsts({ words, times, offsets }: Orphan): Orphan['extra'] {
  return Array.from(words).flatMap((word, leaf) =>
    copiesIn(word) === 0 ? [] : [{ leaf, ns: times[leaf] ?? 0, offset: offsets[leaf] ?? 0 }],
  );
}
