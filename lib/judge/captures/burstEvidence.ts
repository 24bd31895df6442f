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
 * How often other bursts of the same sender and kind were seen on most leaves; what came once to every leaf is one,
 * too.
 */
export function usualOf(
  clusters: readonly Cluster[],
  tally: ContentTally,
  leaves: number,
): (seen: Orphan) => number | null {
  const votes = new Map<string, Map<number, number>>();
  const keyOf = ({ sender, kind }: Orphan): string => `${sender} ${kind}`;
  for (const { seen, burst } of clusters) {
    const of = votes.get(keyOf(seen)) ?? new Map<number, number>();
    votes.set(keyOf(seen), of);
    for (const n of countsOf(burst)) if (n > 0) of.set(n, (of.get(n) ?? 0) + 1);
  }
  return (seen) => {
    const of = new Map(votes.get(keyOf(seen)));
    of.set(1, (of.get(1) ?? 0) + leaves * tally.delivered(seen.sender, seen.kind));
    const sorted = [...of].sort((a, b) => b[1] - a[1]);
    const [first, second] = sorted;
    return first === undefined || first[1] < 2 || first[1] === second?.[1] ? null : first[0];
  };
}
