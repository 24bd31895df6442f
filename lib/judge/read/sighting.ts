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
  /** A sighting, kept until its probe is known. */
  readonly bytes: Uint8Array;
  readonly original: number;
}

/** Two taps of one kernel may stamp the same frame in either order, but not further apart than this. */
const STAMP_SLACK_NS = 1_000_000;

/**
 * Assigns the copies of identical repeats at one leaf to their probes, from the last copy to the first: each to the
 * latest probe that was sent before it, at most `bandNs` ago, and that has no later copy. A copy without such a probe
 * counts as one more of the latest probe before it. So two probes that left before the first copy of either arrived are
 * told apart, and a lost one does not take the copy of its successor. Where identical frames leave within one band of
 * each other, only the number of their copies is certain. Returns a probe per candidate; -1 where the frame was seen
 * before any of them was sent.
 * @param clockErrorNs a copy may be stamped so much before its probe was sent
 * @param candidates of the same probes, in time order
 * @param sent by probe index, ns
 */
export function pairRepeats(
  candidates: readonly Candidate[],
  sent: Float64Array,
  bandNs: number,
  clockErrorNs = 0,
): number[] {
  const taken = new Set<number>();
  return candidates
    .toReversed()
    .map(({ probes, ns }) => {
      const before = probes.filter((probe) => (sent[probe] ?? 0) <= ns + STAMP_SLACK_NS + clockErrorNs);
      const free = before.findLast((probe) => !taken.has(probe) && ns - (sent[probe] ?? 0) <= bandNs);
      const probe = free ?? before.at(-1) ?? -1;
      taken.add(probe);
      return probe;
    })
    .toReversed();
}
