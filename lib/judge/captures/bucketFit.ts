import { costOf } from './coding.js';

/** Frames in the order of time, and which of them are missing. */
export interface Losses {
  /** ns. */
  readonly times: Float64Array;
  /** 1 = missing. */
  readonly lacks: Uint8Array;
}

/** How a token bucket explains what is missing. */
export interface BucketFit {
  /** Frames a second that it lets through. */
  readonly rate: number;
  /** Frames that it lets through at once. */
  readonly burst: number;
  /** Frames that it does not explain: missing where there was a token, or there where there was none. */
  readonly misfits: number;
  /** What is left to say which frames are missing when the bucket is known, nats. */
  readonly cost: number;
}

/** Which buckets are tried. */
export interface Buckets {
  /** Frames a second. */
  readonly leastRate: number;
  /** Frames at once. */
  readonly leastBurst: number;
  /** Whether it is full when the first frame comes, or holds any number of tokens: in a storm a capture may begin. */
  readonly startsFull: readonly boolean[];
}

/** Policers of switches can be set to 5 a second and more, and some let 0.7 of that pass. */
const LEAST_RATE = 3;
const MOST_RATE = 20_000;
/** One step of the search; a bucket's rate is anything within it. */
const RATE_STEP = 1.1;
const BURST_STEP = 1.2;
/** What a policer lets through at once is often a second's worth, and at least a few frames. */
const MOST_BURST_SECONDS = 2;
const LEAST_MOST_BURST = 16;
const MOST_BURST = 2_000;
/** When a frame came to the policer is known by its other copy, ns. */
const JITTER_NS = 100_000;
/** What a misfit weighs beside what it takes to say which frame it is, nats: a policer has next to none. */
const MISFIT = 3;
/** The best are looked at more closely: so many of them, in so many parts of rate and burst, so many times. */
const KEPT = 8;
const RATE_PARTS = 6;
const BURST_PARTS = 4;
const NARROWED = 2;

interface Burst {
  readonly low: number;
  readonly high: number;
}

interface Bucket {
  readonly rate: number;
  /** The rate is known to this factor. */
  readonly step: number;
  readonly burst: Burst;
  readonly startsFull: boolean;
}

interface Tried {
  readonly bucket: Bucket;
  readonly misfits: number;
  readonly cost: number;
  readonly weight: number;
}

const BURSTS: readonly Burst[] = burstsUpTo(MOST_BURST);

/** Buckets of the search, at its widest steps. */
const BUCKETS = (Math.log(MOST_RATE / LEAST_RATE) / Math.log(RATE_STEP)) * BURSTS.length;
/** What it takes to say which bucket it is, nats. */
export const BUCKET_COST = Math.log(BUCKETS);

function burstsUpTo(most: number): Burst[] {
  const bursts: Burst[] = [];
  for (let low = 1; low < most;) {
    const high = Math.max(low, Math.floor(low * BURST_STEP));
    bursts.push({ low, high });
    low = high + 1;
  }
  return bursts;
}

/** Any that a policer can have. */
export const ANY_BUCKET = { leastRate: LEAST_RATE, leastBurst: 1, startsFull: [true, false] } as const;

/** The bucket that explains best which frames are missing. */
export function fitBucket(losses: Losses, among: Buckets = ANY_BUCKET): BucketFit | null {
  let found: readonly Tried[] = [];
  const attempt = (bucket: Bucket): void => {
    for (const startsFull of among.startsFull) {
      const limit = found.length < KEPT ? Infinity : (found.at(-1)?.weight ?? Infinity);
      const tried = tryBucket(losses, { ...bucket, startsFull }, limit);
      if (tried === null || tried.weight >= limit) continue;
      found = [...found, tried].sort((a, b) => a.weight - b.weight).slice(0, KEPT);
    }
  };
  for (let rate = among.leastRate; rate <= MOST_RATE; rate *= RATE_STEP)
    for (const burst of BURSTS) {
      if (burst.low < among.leastBurst) continue;
      if (burst.low > Math.max(LEAST_MOST_BURST, rate * MOST_BURST_SECONDS)) break;
      attempt({ rate, step: RATE_STEP, burst, startsFull: true });
    }
  for (let narrowed = 0; narrowed < NARROWED; narrowed++)
    for (const { bucket } of found) partsOf(bucket).forEach(attempt);
  const [best] = found;
  if (best === undefined) return null;
  const { bucket, misfits, cost } = best;
  return { rate: bucket.rate, burst: bucket.burst.low, misfits, cost };
}

function partsOf({ rate, step, burst, startsFull }: Bucket): Bucket[] {
  const finer = step ** (1 / RATE_PARTS);
  const width = Math.ceil((burst.high - burst.low + 1) / BURST_PARTS);
  const parts: Bucket[] = [];
  for (let part = 0; part < RATE_PARTS; part++)
    for (let { low } = burst; low <= burst.high; low += width)
      parts.push({
        rate: rate * finer ** (part - (RATE_PARTS - 1) / 2),
        step: finer,
        burst: { low, high: Math.min(burst.high, low + width - 1) },
        startsFull,
      });
  return parts;
}

/**
 * Follows the least and the most tokens that the bucket can have held. What really became of each frame narrows that,
 * so that neither a rate which is a little off nor an unknown beginning adds up. Null: it weighs more than `limit`.
 */
function tryBucket({ times, lacks }: Losses, bucket: Bucket, limit: number): Tried | null {
  const { low: least, high: most } = bucket.burst;
  const half = Math.sqrt(bucket.step);
  const slow = bucket.rate / half / 1e9;
  const fast = (bucket.rate * half) / 1e9;
  const sure = 1 + JITTER_NS * fast;
  const none = 1 - JITTER_NS * fast;
  const mostMisfits = limit / MISFIT;
  let low = bucket.startsFull ? least : 0;
  let high = most;
  let last = times[0] ?? 0;
  // Frames for which there was a token for sure, for which there was none, and of which that is not known.
  let [full, fullGone, empty, emptyCame, open, openGone] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < times.length; i++) {
    const now = times[i] as number;
    const passed = now - last;
    last = now;
    low = Math.min(least, low + passed * slow);
    high = Math.min(most, high + passed * fast);
    if (low >= sure) full++;
    else if (high < none) empty++;
    else open++;
    if (lacks[i] === 1) {
      if (low >= sure) {
        fullGone++;
        if (fullGone + emptyCame > mostMisfits) return null;
        low = 0;
      } else if (high >= none) openGone++;
      high = Math.min(high, 1);
      low = Math.min(low, high);
    } else {
      if (high < none) {
        emptyCame++;
        if (fullGone + emptyCame > mostMisfits) return null;
      }
      low = Math.max(0, low - 1);
      high = Math.max(0, high - 1);
    }
  }
  const misfits = fullGone + emptyCame;
  const cost = costOf(full, fullGone) + costOf(empty, emptyCame) + costOf(open, openGone);
  return { bucket, misfits, cost, weight: cost + MISFIT * misfits };
}
