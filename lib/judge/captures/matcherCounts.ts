import type { EqualBursts } from './burstFindings.js';
import { OWN_MEMORY } from './tableRoom.js';

/** What the matcher counted beside the tally. */
export interface MatcherCounts {
  /** Frames of interest before or after the window. */
  outside: number;
  /** Frames by kind and leaf that belong to nobody, or owe nothing. */
  readonly background: Float64Array;
  /** Frames that a leaf sent and that came back out of a host: by kind and leaf. */
  readonly reflected: Float64Array;
  /** Frames of which nothing can be said because the clocks are unknown. */
  ambiguous: number;
  /** Frames whose copies on another leaf have tags of a form that the profile does not judge; by leaf. */
  readonly reshaped: Float64Array;
  /** Answers of which it is not known whether leaves asked for them or something doubled them. */
  twins: number;
  /** Answers that came several times to every leaf and were taken for as many answers. */
  coincident: number;
  /** Frames that came several times to every leaf, whoever multiplied them. */
  bursts: readonly EqualBursts[];
  /** By leaf: second copies of frames, where nearly all have one. */
  second: readonly number[];
  /** Entries that had to be closed early because too many were open. */
  crowded: number;
}

/** Room for kinds in a table of counts by kind and leaf. */
export const KIND_SPACE = 64;

export function createMatcherCounts(leaves: number, room = OWN_MEMORY): MatcherCounts {
  return {
    outside: 0,
    background: new Float64Array(KIND_SPACE * leaves),
    reflected: room.numbers(KIND_SPACE * leaves),
    ambiguous: 0,
    reshaped: new Float64Array(leaves),
    twins: 0,
    coincident: 0,
    bursts: [],
    second: [],
    crowded: 0,
  };
}

/** Adds to a table of counts by kind and leaf. */
export function addTo(sums: Float64Array, place: number, count: number): void {
  sums[place] = (sums[place] as number) + count;
}
