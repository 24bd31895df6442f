import { copiesIn } from '../read/sightingBits.js';
import { createClockSlews } from './clockSlews.js';
import { duration, some } from '../tell/phrasing.js';
import type { Orphan } from './orphans.js';
import { PAIRING } from './settings.js';

/**
 * Finds a clock that was set or slewed while it captured. Set: up to then copies come together, and from then on (or the other way
 * round) frames of each leaf have their copies on the other one, all of them as far away.
 */
export interface ClockSteps {
  /**
   * A frame that every leaf should have, and that not each had in time. `isJudged`: whether this time is judged; left
   * out, each is.
   */
  note(seen: Orphan, isJudged?: (ns: number) => boolean): void;
  /** Such a frame outside of the time that is judged, where only one leaf was looked at. Allocates little. */
  alone(leaf: number, key: number, ns: number): void;
  /** `wholes`: when frames came that every leaf had; null = nobody knows, and no step is found. */
  found(wholes: () => Float64Array | null): readonly ClockStep[];
}

/** Two leaves of which one clock was set. */
export interface ClockStep {
  readonly one: number;
  readonly other: number;
  /** How much later the other one's copies are, ns. */
  readonly byNs: number;
  /** Frames that are so far apart. */
  readonly frames: number;
  /** It was slewed: so far apart are the copies of one of them, and those of the others less. */
  readonly isSlew: boolean;
}

/** One leaf's frames that have no copy in time on all other leaves. */
interface Lone {
  readonly ns: number[];
  readonly key: number[];
  /** Leaves that had it in time, as bits. */
  readonly near: number[];
  /** In the time that is judged. */
  readonly isJudged: boolean[];
}

/** Shorter steps make no copy late, some jitter apart. */
const LEAST_STEP_NS = 0.8 * PAIRING.pairNs;
/** How far the copies of one step may differ, as copies do, and as clocks drift. */
const SPREAD_NS = 4 * PAIRING.copyNs;
/** Frames of one leaf that are looked at. */
const MOST = 1 << 14;
/** Frames of one content that are held against each. */
const MOST_REPEATS = 64;
/** Bits of a number. */
const MOST_LEAVES = 30;
/** Fewer frames may lie equally far apart by chance, unless each says something else and they are closely together. */
const LEAST = 4;
const LEAST_UNIQUE = 2;
const CLOSE_NS = 1_000_000;
/** What one leaf has again sooner than this fits any distance. */
const CROWDED_NS = 500_000_000;
/** Of the frames of a step: so many lie in the judged time. */
const LEAST_SHARE = 0.5;
/** Of all frames that came to one leaf alone, as many may have no copy at the distance of the step. */
const MOST_UNEXPLAINED = 0.1;
/** One of so many may have none: it may be lost besides. */
const LEAST_FOR_ONE = 6;
/** Of the frames of a step: as many may have come in time meanwhile, as repeats do by chance. */
const MOST_IN_TIME = 0.1;

export function createClockSteps(leaves: number): ClockSteps {
  const slews = createClockSlews(leaves);
  const lone = Array.from({ length: leaves }, (): Lone => ({ ns: [], key: [], near: [], isJudged: [] }));

  function add(leaf: number, key: number, ns: number, near: number, isJudged: boolean): void {
    const list = lone[leaf];
    if (list === undefined || list.ns.length === MOST || leaves > MOST_LEAVES) return;
    list.ns.push(ns);
    list.key.push(key);
    list.near.push(near);
    list.isJudged.push(isJudged);
  }

  return {
    note({ key, words, times }, isJudged = () => true) {
      slews.note({ words, times });
      const isNear = (leaf: number, other: number): boolean =>
        copiesIn(words[other] ?? 0) > 0 && Math.abs((times[leaf] ?? 0) - (times[other] ?? 0)) <= LEAST_STEP_NS;
      for (let leaf = 0; leaf < leaves; leaf++) {
        if (copiesIn(words[leaf] ?? 0) === 0) continue;
        let near = 0;
        for (let other = 0; other < leaves; other++) if (isNear(leaf, other)) near |= 1 << other;
        const ns = times[leaf] ?? 0;
        add(leaf, key, ns, near, isJudged(ns));
      }
    },
    alone(leaf, key, ns) {
      add(leaf, key, ns, 1 << leaf, false);
    },
    found(wholes) {
      if (lone.filter(({ ns }) => ns.length >= LEAST_UNIQUE).length < 2) return [];
      const together = wholes();
      if (together === null) return [];
      const steps: ClockStep[] = [];
      for (let one = 0; one < leaves; one++)
        for (let other = one + 1; other < leaves; other++) {
          const step = stepBetween(without(lone[one], other), without(lone[other], one), together);
          const slew = step === null ? slews.between(one, other, together) : null;
          if (step !== null) steps.push({ one, other, isSlew: false, ...step });
          else if (slew !== null) steps.push({ one, other, isSlew: true, ...slew });
        }
      return steps;
    },
  };
}

interface Sighting {
  readonly ns: number;
  readonly key: number;
  readonly isJudged: boolean;
}

/** Those that this leaf did not have in time. */
function without(list: Lone | undefined, leaf: number): readonly Sighting[] {
  if (list === undefined) return [];
  return list.ns.flatMap((ns, i) =>
    ((list.near[i] ?? 0) & (1 << leaf)) === 0
      ? [{ ns, key: list.key[i] ?? 0, isJudged: list.isJudged[i] === true }]
      : [],
  );
}

function stepBetween(
  here: readonly Sighting[],
  there: readonly Sighting[],
  wholes: Float64Array,
): Pick<ClockStep, 'byNs' | 'frames'> | null {
  if (here.length < LEAST_UNIQUE || there.length < LEAST_UNIQUE) return null;
  const copies = new Map<number, Sighting[]>();
  for (const seen of sparse(there)) {
    const list = copies.get(seen.key);
    if (list === undefined) copies.set(seen.key, [seen]);
    else if (list.length < MOST_REPEATS) list.push(seen);
  }
  const pairs = sparse(here)
    .flatMap(({ key, ns, isJudged }) =>
      (copies.get(key) ?? []).map((copy, _, { length }) => ({
        ns,
        byNs: copy.ns - ns,
        isJudged: isJudged || copy.isJudged,
        isOnly: length === 1,
      })),
    )
    .filter(({ byNs }) => Math.abs(byNs) > LEAST_STEP_NS)
    .sort((a, b) => a.byNs - b.byNs);
  const together = mostTogether(pairs);
  const own = together.map(({ ns }) => ns);
  const frames = new Set(own).size;
  const [from, to] = extentOf(own);
  const isDuring = (ns: number): boolean => ns >= from && ns <= to;
  const lacking = here.filter(({ ns }) => isDuring(ns)).length;
  const inTime = wholes.reduce((count, ns) => count + (isDuring(ns) ? 1 : 0), 0);
  if (frames < LEAST && !(isClose(together) && frames >= LEAST_UNIQUE && lacking === frames && inTime === 0))
    return null;
  if (inTime > Math.ceil(MOST_IN_TIME * frames)) return null;
  if (wholes.length - inTime < LEAST) return null;
  if (!isInside(together)) return null;
  const most = MOST_IN_TIME * frames;
  if (
    !isToOneSide(
      together.map(({ ns }) => ns),
      wholes,
      most,
    ) &&
    !isToOneSide(
      together.map(({ ns, byNs }) => ns + byNs),
      wholes,
      most,
    )
  )
    return null;
  const byNs = together[together.length >> 1]?.byNs ?? 0;
  return explains(byNs, here, there, wholes) && explains(-byNs, there, here, wholes) ? { byNs, frames } : null;
}

/**
 * Whether nearly all that the other leaf lacks came to it, so much later. A clock that was set has no other effect: what
 * lies equally far apart by chance leaves most of the rest unexplained.
 */
function explains(byNs: number, lone: readonly Sighting[], others: readonly Sighting[], wholes: Float64Array): boolean {
  const times = new Map<number, number[]>();
  for (const { key, ns } of others) {
    const list = times.get(key);
    if (list === undefined) times.set(key, [ns]);
    else list.push(ns);
  }
  const [first, last] = extentOf([...others.map(({ ns }) => ns), ...extentOf(Array.from(wholes))]);
  // What would have come before or after the other capture is in none.
  const due = lone.filter(({ ns, isJudged }) => isJudged && ns + byNs >= first && ns + byNs <= last);
  const found = due.filter(({ key, ns }) => times.get(key)?.some((at) => Math.abs(at - ns - byNs) <= SPREAD_NS));
  const spared = due.length < LEAST_FOR_ONE ? 0 : Math.max(1, Math.floor(MOST_UNEXPLAINED * due.length));
  return due.length - found.length <= spared;
}

/** Those that say what the leaf did not say shortly before or after, in the order of their times. */
function sparse(sightings: readonly Sighting[]): readonly Sighting[] {
  const sorted = [...sightings].sort((a, b) => a.ns - b.ns);
  const last = new Map<number, number>();
  const crowded = new Set<number>();
  sorted.forEach(({ key, ns }, at) => {
    const before = last.get(key);
    const earlier = before === undefined ? undefined : sorted[before];
    if (before !== undefined && earlier !== undefined && ns - earlier.ns < CROWDED_NS) crowded.add(before).add(at);
    last.set(key, at);
  });
  return sorted.filter((_, at) => !crowded.has(at));
}

interface Apart {
  readonly ns: number;
  readonly byNs: number;
  /** On one of the two clocks. */
  readonly isJudged: boolean;
  /** No other frame of the other leaf says the same. */
  readonly isOnly: boolean;
}

/**
 * Whether most of them lie in the judged time on one of the clocks. Where one capture began earlier and the other one
 * ended later, what repeats lies equally far apart by chance.
 */
function isInside(pairs: readonly Apart[]): boolean {
  return pairs.filter(({ isJudged }) => isJudged).length >= LEAST_SHARE * pairs.length;
}

/**
 * Whether all else came before these, or all after them, but for `most`. A clock that was set stays so: what repeats, or
 * comes late in the middle, has frames in time on both sides.
 */
function isToOneSide(times: readonly number[], wholes: Float64Array, most: number): boolean {
  const [begin, end] = extentOf(times);
  const before = wholes.filter((ns) => ns < begin).length;
  const after = wholes.filter((ns) => ns > end).length;
  return Math.min(before, after) <= most;
}

/** The least and the greatest; there may be more than a call takes arguments. */
function extentOf(times: readonly number[]): readonly [number, number] {
  return times.reduce<[number, number]>(
    ([least, most], ns) => [Math.min(least, ns), Math.max(most, ns)],
    [Infinity, -Infinity],
  );
}

function isClose(pairs: readonly Apart[]): boolean {
  return pairs.every(({ isOnly, byNs }) => isOnly && Math.abs(byNs - (pairs[0]?.byNs ?? 0)) <= CLOSE_NS);
}

/** The greatest number of pairs, in order of their distance, that differ by no more than copies do. */
function mostTogether(pairs: readonly Apart[]): readonly Apart[] {
  let [from, to] = [0, 0];
  for (let first = 0, last = 0; last < pairs.length; last++) {
    while ((pairs[last]?.byNs ?? 0) - (pairs[first]?.byNs ?? 0) > SPREAD_NS) first++;
    if (last + 1 - first > to - from) [from, to] = [first, last + 1];
  }
  return pairs.slice(from, to);
}

/** What a step takes away from both captures. */
export function stepText({ byNs, frames, isSlew }: ClockStep, one: string, other: string): string {
  if (isSlew)
    return `copies drift apart on ${one} and ${other}, those of ${some(frames, 'frame')} by more than ${duration(PAIRING.pairNs)} and up to ${duration(Math.abs(byNs))}: a clock was slewed while they captured, or copies became later and later; judge the time before and after that by itself`;
  return `copies of ${some(frames, 'frame')} are ${duration(Math.abs(byNs))} apart on ${one} and ${other}, and those of others together: a clock was set while they captured, or copies became late; judge the time before and after that by itself`;
}
