import { copiesIn } from '../read/sightingBits.js';
import { countsOf } from './bursts.js';
import type { Cluster } from './cluster.js';
import type { ContentTally } from './contentTally.js';
import type { Orphan } from './orphans.js';

/** What went wrong with frames of which it is known, by leaf. */
export interface Wrongs {
  readonly missing: readonly number[];
  readonly doubled: readonly number[];
}

export function wrongsOf({ tally }: ContentTally, leaves: number): Wrongs {
  const missing = new Array<number>(leaves).fill(0);
  const doubled = new Array<number>(leaves).fill(0);
  for (const { owed, words, weight } of tally.patterns())
    if (owed === 'replicated')
      words.forEach((word, leaf) => {
        const copies = copiesIn(word);
        if (copies === 0) missing[leaf] = (missing[leaf] ?? 0) + weight;
        else if (copies > 1) doubled[leaf] = (doubled[leaf] ?? 0) + weight;
      });
  return { missing, doubled };
}

/**
 * How often a frame was said that leaves saw differently often, by what else went wrong: leaves that miss other frames
 * miss this one, too, and leaves that saw other ones twice saw it too often. Null where that does not tell.
 */
export function shownBy({ missing, doubled }: Wrongs, counts: readonly number[]): number | null {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const sum = (list: readonly number[], of: number): number =>
    list.reduce((total, count, leaf) => total + (counts[leaf] === of ? count : 0), 0);
  const [lost, copied] = [sum(missing, least), sum(doubled, most)];
  return lost > 0 && copied === 0 ? most : copied > 0 && lost === 0 ? least : null;
}

/**
 * Of the numbers of times that leaves saw a burst: the one that most leaves saw other bursts of the same sender and kind;
 * what came once to every leaf is one, too. Null where that does not tell. A host that says something once most of the
 * time, and five times when it takes an address over, has two such numbers.
 */
export function usualOf(
  clusters: readonly Cluster[],
  tally: ContentTally,
  leaves: number,
): (cluster: Cluster) => number | null {
  const votes = new Map<string, Map<number, number>>();
  const keyOf = ({ sender, kind }: Orphan): string => `${sender} ${kind}`;
  for (const { seen, burst } of clusters) {
    const of = votes.get(keyOf(seen)) ?? new Map<number, number>();
    votes.set(keyOf(seen), of);
    for (const n of countsOf(burst)) if (n > 0) of.set(n, (of.get(n) ?? 0) + 1);
  }
  return ({ seen, burst }) => {
    const of = votes.get(keyOf(seen));
    const own = countsOf(burst);
    const alone = leaves * tally.delivered(seen.sender, seen.kind);
    const [first, second] = [...new Set(own)]
      .filter((count) => count > 0)
      .map((count) => ({
        count,
        votes: (of?.get(count) ?? 0) - own.filter((other) => other === count).length + (count === 1 ? alone : 0),
      }))
      .sort((a, b) => b.votes - a.votes);
    return first === undefined || first.votes < 2 || first.votes === second?.votes ? null : first.count;
  };
}
