import { copiesIn } from '../read/sightingBits.js';
import { countsOf } from './bursts.js';
import type { Cluster } from './cluster.js';
import type { ContentTally } from './contentTally.js';
import type { Orphan } from './orphans.js';

/** Frames of which it is known what went wrong: how often each leaf saw them, and how many there were. */
export type Wrongs = readonly { readonly copies: readonly number[]; readonly weight: number }[];

export function wrongsOf({ tally }: ContentTally): Wrongs {
  return tally
    .patterns()
    .filter(({ owed }) => owed === 'replicated')
    .map(({ words, weight }) => ({ copies: Array.from(words, copiesIn), weight }))
    .filter(({ copies }) => copies.some((count) => count !== 1));
}

/**
 * How often a frame was said that leaves saw differently often, by what else went wrong: leaves that miss other frames,
 * all of them the same ones, miss this one, too, and leaves that saw other ones twice saw it too often. Null where that
 * does not tell.
 */
export function shownBy(wrongs: Wrongs, counts: readonly number[]): number | null {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const sum = (isAlike: (copies: number, count: number) => boolean): number =>
    wrongs.reduce(
      (total, { copies, weight }) =>
        total + (counts.every((count, leaf) => isAlike(copies[leaf] ?? 0, count)) ? weight : 0),
      0,
    );
  const lost = sum((copies, count) => (count === least ? copies === 0 : count < most || copies > 0));
  const copied = sum((copies, count) => (count === most ? copies > 1 : count > least || copies <= 1));
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
