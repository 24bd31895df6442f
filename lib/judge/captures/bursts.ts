import { median } from './samples.js';
import { copiesIn } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';

/** How often each leaf saw one content within a moment, and when. */
export interface Burst {
  /** Times of all copies by leaf, ascending, ns on the corrected clock. */
  readonly times: readonly (readonly number[])[];
}

/**
 * Faster than this no host was seen to say a question or an answer again; slower it may be its own repeat, which each
 * leaf hears after the same time. Open vSwitch that is a tunnel's end itself asks for each next hop twice: 169 to 290 us
 * apart after a pause, else up to half a second (findings/ovs-tunnel-asks-twice.sh).
 */
const OWN_REPEAT_NS = 150_000;
/**
 * How far the time between two copies may differ from leaf to leaf, at least and as a share, if it is the sender's own.
 */
const GAP_SLACK_NS = 60_000;
const GAP_SHARE = 0.2;
/** What repeats a frame as often as this is no replicator of a few legs. */
const STREAM = 8;
/** A gap this much longer than the usual one is the place of a frame that is not there. */
const HOLE = 1.6;

/** Every copy of a frame that was seen. */
export function burstOf({ words, times, extra }: Pick<Seen, 'words' | 'times' | 'extra'>): Burst {
  const lists = Array.from(words, (word, leaf) => (copiesIn(word) === 0 ? [] : [times[leaf] ?? 0]));
  for (const { leaf, ns } of extra) lists[leaf]?.push(ns);
  return { times: lists.map((list) => list.sort((a, b) => a - b)) };
}

export function countsOf({ times }: Burst): readonly number[] {
  return times.map((list) => list.length);
}

/** How often more than half of the leaves saw it; null where there is no such number. */
export function agreedOn(counts: readonly number[]): number | null {
  return counts.find((count) => 2 * counts.filter((other) => other === count).length > counts.length) ?? null;
}

/** Copies that would have to be added or taken away for all leaves to have as many, at least. */
export function unevenness(counts: readonly number[]): number {
  return Math.min(...counts.map((said) => counts.reduce((sum, count) => sum + Math.abs(count - said), 0)));
}

/**
 * Whether its sender may have said it so often itself: every leaf heard it again after the same time, and not at once.
 */
export function isOwnRepeat({ times }: Burst): boolean {
  if (times.every((list) => list.length >= STREAM)) return true;
  const gaps = times.map((list) => ((list.at(-1) ?? 0) - (list[0] ?? 0)) / Math.max(1, list.length - 1));
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  return least >= OWN_REPEAT_NS && most - least <= Math.max(GAP_SLACK_NS, GAP_SHARE * most);
}

/**
 * Of leaves that saw it differently often: how often it was said. `usual`: how often other bursts of this sender were;
 * null where nobody knows.
 */
export function saidOf(burst: Burst, usual: number | null): number {
  const counts = countsOf(burst);
  const seen = [...new Set(counts)].sort((a, b) => a - b);
  if (usual !== null && seen.includes(usual)) return usual;
  // What most leaves agree on.
  const votes = seen.map((count) => ({ count, votes: counts.filter((other) => other === count).length }));
  const most = Math.max(...votes.map((entry) => entry.votes));
  const [winner, ...ties] = votes.filter((entry) => entry.votes === most);
  if (winner !== undefined && ties.length === 0) return winner.count;
  const least = Math.max(1, seen.find((count) => count > 0) ?? 1);
  const greatest = seen.at(-1) ?? least;
  // Where the longer one is even and the shorter one has a hole, a frame is missing; else there is one too many.
  const longer = burst.times.find((list) => list.length === greatest) ?? [];
  const shorter = burst.times.find((list) => list.length === least) ?? [];
  return isEven(longer) && shorter.length > 1 && hasHole(shorter, longer) ? greatest : least;
}

function gapsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((at, i) => at - (times[i] ?? 0));
}

function isEven(times: readonly number[]): boolean {
  const gaps = gapsOf(times);
  const usual = median(gaps);
  return gaps.length >= 2 && gaps.every((gap) => gap <= HOLE * usual && gap >= usual / HOLE);
}

function hasHole(times: readonly number[], whole: readonly number[]): boolean {
  const usual = median(gapsOf(whole));
  return gapsOf(times).some((gap) => gap > HOLE * usual);
}
