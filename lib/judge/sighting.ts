/** One frame at a tap that is a copy of a probe. Times in ns after the base of the judgement. */
export interface Sighting {
  /** Index of the probe. */
  readonly probe: number;
  readonly ns: number;
  /** Byte offset of its record in the capture file. */
  readonly offset: number;
  readonly differences: readonly string[];
  /** Position among the frames of its capture, from 1. */
  readonly order: number;
}

/** A frame that may be a copy of any of several probes of the same content. */
export interface Candidate {
  readonly probes: readonly number[];
  readonly kind: string;
  readonly ns: number;
  readonly offset: number;
  readonly order: number;
  /** What was seen, kept until it is known which probe it is. */
  readonly bytes: Uint8Array;
  readonly original: number;
}

/**
 * Gives identical repeats to their probes in time order: a frame is a copy of the latest probe that was sent before it was seen. One that
 * was seen before all of them by less than `slackNs` belongs to the first: two taps of one kernel stamp a frame in either order.
 */
export function probeOf(candidate: Candidate, sent: Float64Array, slackNs: number): number {
  let best = -1;
  for (const probe of candidate.probes) if ((sent[probe] ?? 0) <= candidate.ns) best = probe;
  const [first] = candidate.probes;
  if (best < 0 && first !== undefined && (sent[first] ?? 0) - candidate.ns <= slackNs) best = first;
  return best;
}
