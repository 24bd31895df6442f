import type { ClockErrors } from '../read/clockErrors.js';
import type { Sighting } from '../read/sighting.js';
import { duration, listed, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';

/** Whether the copies of a frame lie further apart than is allowed: `unknown` within the error of the clocks. */
export type FarApart = 'yes' | 'no' | 'unknown';

/**
 * @param seen the copies on each leaf; none on a leaf that is not to be believed
 * @param leaves the names of the leaves
 */
export function farApart(
  seen: readonly (readonly Pick<Sighting, 'ns'>[])[],
  leaves: readonly string[],
  clocks: ClockErrors,
  maxSkewNs: number,
): FarApart {
  let answer: FarApart = 'no';
  for (const [a, later] of seen.entries())
    for (const [b, earlier] of seen.entries()) {
      const errorNs = a === b ? 0 : clocks.between(leaves[a] ?? '', leaves[b] ?? '');
      for (const { ns: to } of later)
        for (const { ns: from } of earlier) {
          if (to - from - errorNs > maxSkewNs) return 'yes';
          if (to - from + errorNs > maxSkewNs) answer = 'unknown';
        }
    }
  return answer;
}

/** The most by which a time between copies on two of these leaves may be wrong, ns. */
export function widestBetween(leaves: readonly string[], clocks: ClockErrors): number {
  return Math.max(0, ...leaves.flatMap((a) => leaves.map((b) => clocks.between(a, b))));
}

/** Frames of which the clocks do not tell whether their copies lie too far apart. */
export interface UnknownSkew {
  readonly probes: readonly number[];
  /** Of so many with copies on several leaves. */
  readonly of: number;
  readonly maxSkewNs: number;
}

export const NOTHING_UNKNOWN: UnknownSkew = { probes: [], of: 0, maxSkewNs: Infinity };

/** Why skew is not judged; null where each frame was. */
export function unknownSkewReason(
  { probes, maxSkewNs }: UnknownSkew,
  leaves: readonly string[],
  clocks: ClockErrors,
): string | null {
  if (probes.length === 0) return null;
  return `times of ${listed(leaves)} can be compared to ${duration(widestBetween(leaves, clocks))} only, and the profile allows ${duration(maxSkewNs)}`;
}

/** A note: it is neither good nor bad. */
export function unknownSkewNotes(
  unknown: UnknownSkew,
  leaves: readonly string[],
  clocks: ClockErrors,
): readonly Finding[] {
  const why = unknownSkewReason(unknown, leaves, clocks);
  if (why === null) return [];
  const { probes, of } = unknown;
  return [
    {
      property: 'P3',
      signature: 'skew',
      verdict: 'note',
      count: probes.length,
      of,
      probes,
      sentence: `Not judged: whether the copies of ${probes.length} of ${some(of, 'frame')} lay too far apart (${why}).`,
    },
  ];
}
