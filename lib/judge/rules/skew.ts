import type { Skew } from '../types.js';

/** Sub-buckets per power of two: a percentile is at most 1/128 too large. */
const STEPS = 128;
const STEP_BITS = 7;
const BUCKETS = (53 - STEP_BITS + 1) * STEPS;

/** Skews in ns in constant memory; percentiles are the upper end of their bucket, the maximum is exact. */
export interface SkewHistogram {
  /** Frames by skew, see `bucketOf`; and how many there are, and the largest one. */
  readonly buckets: Float64Array;
  readonly totals: Float64Array;
  add(ns: number): void;
  result(): Skew | null;
}

/** @param numbers where its tables are: all zero */
export function createSkewHistogram(numbers = (count: number): Float64Array => new Float64Array(count)): SkewHistogram {
  const buckets = numbers(BUCKETS);
  const totals = numbers(2);
  return {
    buckets,
    totals,
    add(ns) {
      const whole = Math.max(0, Math.floor(ns));
      const bucket = bucketOf(whole);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      totals[0] = (totals[0] ?? 0) + 1;
      totals[1] = Math.max(totals[1] ?? 0, whole);
    },
    result() {
      const [count = 0, max = 0] = totals;
      if (count === 0) return null;
      const percentile = (share: number): number => {
        let left = Math.ceil(count * share);
        for (let i = 0; i < BUCKETS; i++) {
          left -= buckets[i] ?? 0;
          if (left <= 0) return Math.min(max, topOf(i));
        }
        return max;
      };
      return { p50Ns: percentile(0.5), p99Ns: percentile(0.99), maxNs: max };
    },
  };
}

function bucketOf(ns: number): number {
  if (ns < STEPS) return ns;
  if (ns < 0x4000_0000) {
    // The power of two below it, less the bits for sub-buckets.
    const unit = 31 - STEP_BITS - Math.clz32(ns);
    return unit * STEPS + (ns >>> unit);
  }
  let power = Math.floor(Math.log2(ns));
  // log2 of a number just below a power of two may round up.
  if (2 ** power > ns) power--;
  const unit = power - STEP_BITS;
  return unit * STEPS + Math.floor(ns / 2 ** unit);
}

function topOf(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const power = Math.floor(bucket / STEPS) - 1;
  return ((bucket % STEPS) + STEPS + 1) * 2 ** power - 1;
}
