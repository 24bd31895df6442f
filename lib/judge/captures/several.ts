import { COPIES, copiesIn } from '../read/sightingBits.js';
import { shownBy, usualOf, wrongsOf, type Wrongs } from './burstEvidence.js';
import type { EqualBursts } from './burstFindings.js';
import { agreedOn, countsOf, isOwnRepeat, saidOf } from './bursts.js';
import { clusterOf, isEqual, joined, JOIN_NS, reachOf, type Cluster } from './cluster.js';
import type { ContentTally } from './contentTally.js';
import { isOfLink } from './content.js';
import { habitOf } from './habits.js';
import type { Orphan } from './orphans.js';

/**
 * Frames that some leaf saw more than once within the time of a duplicate. Not all of them are duplicates:
 * - Leaves learn a host from copies of one frame, so their timers run out together, and they probe it together: it
 * answers each, word for word, and every answer goes to every leaf. They come as often to every leaf, and no more often
 * than there are leaves.
 * - A host may announce itself as often and as fast as it wants (keepalived says five gratuitous ARPs at once when it
 * takes an address over).
 * - What each leaf hears again after the same time, and not at once, its sender may have said again. A replicator that
 * multiplies everything looks the same, so which it was, the rest of the capture tells, or nothing does.
 * - A host says the same from its link-local address in several VLANs at once (RFC 4291, section 2.5.6), and captures
 * without tags do not tell these apart.
 */
export interface Several {
  /**
   * Whether the frame is kept back until the end. Told of every frame that must be on every leaf and is not on each
   * once.
   */
  keep(seen: Orphan): boolean;
  /** Told of such frames outside the window: a burst that lies across its edge is not whole. */
  outside(seen: Orphan): void;
  /** Decides on all that was kept. `edgeNs`: where the window ends. */
  finish(tally: ContentTally, edgeNs: number): Decided;
}

/** What became of the frames that were kept, but for duplicates and missing ones. */
export interface Decided {
  /** Answers of which nothing can be said. */
  readonly unknown: number;
  /** Answers of which each was taken for several. */
  readonly coincident: number;
  /** Frames that reached every leaf, and more than once; whether once too often is not known. */
  readonly bursts: readonly EqualBursts[];
}

/** Beyond this many nothing is a coincidence. */
const MOST = 10_000;
/** Of all answers of one kind from one sender, at most this share may coincide by chance. */
const CHANCE_SHARE = 1 / 3;
/** A burst this close to the window's edge may go on behind it, ns. */
const EDGE_NS = 10_000_000;

/**
 * `settle` gets what is wrong, and, with one copy on each leaf, what is not. `isTagless`: no tags are known of any frame.
 */
export function createSeveral(leaves: number, settle: (seen: Orphan) => void, isTagless: boolean): Several {
  const kept = new Map<number, Orphan[]>();
  const cut = new Map<number, number[]>();
  const equal = new Map<string, EqualBursts>();
  let count = 0;

  function hold(seen: Orphan): boolean {
    const list = kept.get(seen.key);
    if (list === undefined) kept.set(seen.key, [seen]);
    else list.push(seen);
    count++;
    return true;
  }

  function isPartOfKept(seen: Orphan): boolean {
    // What all leaves had just before is a second copy first.
    const reach = seen.isSecond === true ? JOIN_NS : reachOf(seen.kind);
    return (kept.get(seen.key) ?? []).some(
      (other) => seen.firstNs - other.lastNs < reach && other.firstNs - seen.lastNs < reach,
    );
  }

  function noteEqual({ seen, burst }: Cluster): void {
    const frames = Math.max(...countsOf(burst));
    const key = `${seen.sender} ${seen.kind}`;
    const known = equal.get(key);
    if (known === undefined) equal.set(key, { sender: seen.sender, kind: seen.kind, bursts: 1, frames });
    else {
      known.bursts++;
      known.frames += frames;
    }
    settleTimes(seen, frames, () => 1);
  }

  /** As it was seen. */
  function settleWhole({ seen, burst }: Cluster): void {
    const counts = countsOf(burst);
    settle({
      ...seen,
      words: seen.words.map((word, leaf) => (word & ~COPIES) | Math.min(counts[leaf] ?? 0, COPIES)),
    });
  }

  /**
   * Settles so many frames of a burst. Which copy belongs to which is not known, and so is not how far they came apart.
   */
  function settleTimes(seen: Orphan, times: number, copies: (leaf: number, frame: number) => number): void {
    for (let frame = 0; frame < times; frame++)
      settle({
        ...seen,
        lastNs: seen.firstNs,
        words: seen.words.map((word, leaf) => {
          const wanted = Math.min(copies(leaf, frame), COPIES);
          return wanted === 0 ? 0 : (word & ~COPIES) | wanted;
        }),
      });
  }

  function decideAnswers(list: readonly Cluster[], tally: ContentTally): { unknown: number; coincident: number } {
    const [first] = list;
    if (first === undefined) return { unknown: 0, coincident: 0 };
    const once = tally.delivered(first.seen.sender, first.seen.kind);
    if (list.length > CHANCE_SHARE * (list.length + once)) return { unknown: list.length, coincident: 0 };
    for (const { seen, burst } of list) settleTimes(seen, Math.max(...countsOf(burst)), () => 1);
    return { unknown: 0, coincident: list.length };
  }

  function decideUnequal(cluster: Cluster, usual: number | null, wrongs: Wrongs): void {
    const { seen, burst } = cluster;
    const counts = countsOf(burst);
    const isOwn =
      habitOf(seen.kind) === 'announcement' || isOwnRepeat({ times: burst.times.filter((list) => list.length > 0) });
    // What leaves asked for together is answered once for each of them.
    const least = Math.min(...counts);
    const isAnswers = habitOf(seen.kind) === 'answer' && least > 0 && least <= leaves;
    const shown = counts.includes(0) ? null : shownBy(wrongs, counts);
    if (!isOwn && !isAnswers) {
      settleWhole(cluster);
      return;
    }
    if (counts.includes(0)) {
      const said = usual !== null && counts.includes(usual) ? usual : 1;
      settleTimes(seen, said, (leaf) => Math.min(1, counts[leaf] ?? 0));
      return;
    }
    const said = shown ?? (isOwn ? saidOf(burst, usual) : (agreedOn(counts) ?? least));
    // Each of them so often.
    if (counts.every((n) => n % said === 0)) {
      settleTimes(seen, said, (leaf) => (counts[leaf] ?? 0) / said);
      return;
    }
    const wrong = Math.max(...counts.map((n) => Math.abs(n - said)));
    settleTimes(seen, Math.max(0, said - wrong), () => 1);
    settleTimes(seen, wrong, (leaf, frame) => {
      const over = (counts[leaf] ?? 0) - said;
      return over > frame ? 2 : -over > frame ? 0 : 1;
    });
  }

  return {
    keep(seen) {
      if (!seen.words.some((word) => copiesIn(word) > 1)) return isPartOfKept(seen) && hold(seen);
      if (count < MOST) return hold(seen);
      const cluster = clusterOf([seen]);
      if (habitOf(seen.kind) !== 'announcement' || !isEqual(cluster)) return false;
      noteEqual(cluster);
      return true;
    },
    outside(seen) {
      if (cut.size < MOST) cut.set(seen.key, [...(cut.get(seen.key) ?? []), seen.firstNs]);
    },
    finish(tally, edgeNs) {
      const clusters = [...kept].flatMap(([key, list]) =>
        joined(list).filter(
          ({ seen, lastNs }) =>
            lastNs < edgeNs - EDGE_NS && (cut.get(key) ?? []).every((ns) => Math.abs(ns - seen.firstNs) > EDGE_NS),
        ),
      );
      const mayBeInVlans = (cluster: Cluster): boolean => isTagless && isOfLink(cluster.seen.loose) && isEqual(cluster);
      const isDoubled = (cluster: Cluster): boolean =>
        habitOf(cluster.seen.kind) === 'question' && !isOwnRepeat(cluster.burst) && !mayBeInVlans(cluster);
      // What doubles questions doubles everything, on the leaves where it does.
      const doubledOn = new Map<number, Set<number>>();
      for (const { seen, burst } of clusters.filter(isDoubled)) {
        const where = doubledOn.get(seen.sender) ?? new Set<number>();
        doubledOn.set(seen.sender, where);
        countsOf(burst).forEach((copies, leaf) => {
          if (copies > 1) where.add(leaf);
        });
      }
      const usual = usualOf(clusters, tally, leaves);
      let wrongs = wrongsOf(tally);
      const answers = new Map<string, Cluster[]>();
      const [questions, others] = [true, false].map((isQuestion) =>
        clusters.filter(({ seen }) => (habitOf(seen.kind) === 'question') === isQuestion),
      );
      const decide = (cluster: Cluster): void => {
        const { seen, burst } = cluster;
        const counts = countsOf(burst);
        const sort = habitOf(seen.kind);
        const where = doubledOn.get(seen.sender)?.size ?? 0;
        // Where only some leaves get everything twice, the others tell how often it was said.
        if (where === leaves || (where > 0 && counts.includes(0))) settleWhole(cluster);
        else if (!isEqual(cluster)) decideUnequal(cluster, usual(cluster), wrongs);
        else if (sort === 'answer' && (counts[0] ?? 0) <= leaves) {
          const key = `${seen.sender} ${seen.kind}`;
          answers.set(key, [...(answers.get(key) ?? []), cluster]);
        } else if (sort === 'announcement' || isOwnRepeat(burst) || mayBeInVlans(cluster)) noteEqual(cluster);
        else settleWhole(cluster);
      };
      // What is wrong with questions is known, and tells of what may be said more than once.
      questions?.forEach(decide);
      wrongs = wrongsOf(tally);
      others?.forEach(decide);
      const decided = [...answers.values()].map((list) => decideAnswers(list, tally));
      return {
        unknown: decided.reduce((sum, { unknown }) => sum + unknown, 0),
        coincident: decided.reduce((sum, { coincident }) => sum + coincident, 0),
        bursts: [...equal.values()],
      };
    },
  };
}
