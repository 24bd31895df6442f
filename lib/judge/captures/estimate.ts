import { PAIRING } from './settings.js';

/** Neighbor frames of one capture in time order: what a clock can be measured with. */
export interface Samples {
  /** ns after the capture's own base. */
  readonly time: readonly number[];
  /** Content, as one number. */
  readonly key: readonly number[];
}

/** How one capture's clock runs against another's: time here = time there + offset + drift x (time there - at). */
export interface ClockFit {
  readonly offsetNs: number;
  /** ns per ns. */
  readonly drift: number;
  /** Time there at which the offset holds. */
  readonly atNs: number;
  /** How far single copies lie from the fit: 1.5 times their median distance. */
  readonly errorNs: number;
  /** Copies that agree. */
  readonly support: number;
}

export type Estimate =
  | { readonly type: 'fit'; readonly fit: ClockFit }
  /** No content is on both: nothing can be measured, and nothing contradicts the clocks as they are. */
  | { readonly type: 'nothing-common' }
  | { readonly type: 'too-few'; readonly support: number }
  /** Shifting by some period fits as well. */
  | { readonly type: 'periodic'; readonly support: number }
  /** What fits best is far from the clocks as they stand, and no better than what leaves make that hear different repeats of one frame. */
  | { readonly type: 'unlikely'; readonly support: number; readonly distanceNs: number };

/** Occurrences of one content that are compared with each other; a bound on work, not on meaning. */
const MOST_REPEATS = 24;
const MOST_PAIRS = 1 << 20;
const LEAST_SUPPORT = 3;
/** So many contents that are there once settle it without looking at repeats. */
const ENOUGH_UNIQUE = 64;
/** Copies of one frame lie this close together, once the offset is taken away. */
const FINE_NS = 2_000_000;
/** What drift can add between two copies in a sample: 100 ppm over 20 minutes. */
const COARSE_NS = 120_000_000;
/** Another offset with this share of the support makes the best one doubtful. */
const RIVAL_SHARE = 0.7;
/**
 * The same where the best one is not where the clocks stand: coincidences there are evidence by themselves, elsewhere two leaves that each
 * hear other repeats of one frame make them, too. Of n repeats on each leaf a wrong offset has n votes and the next one n - 1.
 */
const FAR_RIVAL_SHARE = 0.5;

/**
 * Finds the offset at which most identical frames coincide. Each pair of the same content votes for its difference; the true offset
 * gathers votes of all contents, wrong ones only those of equal periods.
 * @param asItStands the difference that clocks which agree would show, ns: the captures' times have bases of their own
 */
export function estimateClock(here: Samples, there: Samples, asItStands: number): Estimate {
  const unique = pairsOf(here, there, 1);
  if (unique.length >= ENOUGH_UNIQUE) {
    const quick = vote(unique, 2, asItStands);
    if (quick.type === 'fit' && quick.fit.support >= ENOUGH_UNIQUE) return quick;
  }
  const pairs = pairsOf(here, there, MOST_REPEATS);
  return pairs.length === 0 ? { type: 'nothing-common' } : vote(pairs, 1, asItStands);
}

/** `strictness` divides the support that a rival may have. */
function vote(pairs: readonly Pair[], strictness: number, asItStands: number): Estimate {
  const sorted = [...pairs].sort((a, b) => a.difference - b.difference);
  const coarse = densest(sorted, COARSE_NS, -Infinity, Infinity);
  let best: ClockFit | null = null;
  // Inside the coarse window drift is a line, outside it only smears; and it may hold several narrow peaks.
  for (const seed of peaks(sorted, coarse)) {
    const fit = refine(pairs, seed);
    if (fit !== null && (best === null || fit.support > best.support)) best = fit;
  }
  if (best === null || best.support < LEAST_SUPPORT) return { type: 'too-few', support: best?.support ?? pairs.length };
  const rival = (rivalOf(pairs, best) * strictness) / best.support;
  if (rival >= RIVAL_SHARE) return { type: 'periodic', support: best.support };
  const distanceNs = Math.abs(best.offsetNs - asItStands);
  if (rival >= FAR_RIVAL_SHARE && distanceNs > PAIRING.pairNs)
    return { type: 'unlikely', support: best.support, distanceNs };
  return { type: 'fit', fit: best };
}

interface Pair {
  readonly there: number;
  readonly difference: number;
}

/** With `most` = 1 only contents that each capture has once; else the first `most` occurrences of each. */
function pairsOf(here: Samples, there: Samples, most: number): Pair[] {
  const times = (samples: Samples): Map<number, number[]> => {
    const byKey = new Map<number, number[]>();
    samples.key.forEach((key, i) => {
      const list = byKey.get(key);
      const at = samples.time[i] ?? 0;
      if (list === undefined) byKey.set(key, [at]);
      else if (list.length < Math.max(2, most)) list.push(at);
    });
    return byKey;
  };
  const theirs = times(there);
  const pairs: Pair[] = [];
  for (const [key, ours] of times(here)) {
    const others = theirs.get(key);
    if (others === undefined || (most === 1 && (ours.length > 1 || others.length > 1))) continue;
    for (const b of others) for (const a of ours) pairs.push({ there: b, difference: a - b });
    if (pairs.length > MOST_PAIRS) break;
  }
  return pairs;
}

interface Peak {
  readonly center: number;
  readonly count: number;
}

/** The window of `width` with most differences in (from, to). */
function densest(sorted: readonly Pair[], width: number, from: number, to: number): Peak {
  let low = 0;
  let best: Peak = { center: 0, count: 0 };
  for (let high = 0; high < sorted.length; high++) {
    const upper = sorted[high]?.difference ?? 0;
    if (upper > to) break;
    while ((sorted[low]?.difference ?? 0) < upper - width || (sorted[low]?.difference ?? 0) < from) {
      if (low === high) break;
      low++;
    }
    if ((sorted[low]?.difference ?? 0) < from) continue;
    const count = high - low + 1;
    if (count > best.count) best = { center: ((sorted[low]?.difference ?? 0) + upper) / 2, count };
  }
  return best;
}

/** Narrow peaks worth a closer look: the best of all and the best inside the coarse window. */
function peaks(sorted: readonly Pair[], coarse: Peak): readonly number[] {
  const narrow = densest(sorted, FINE_NS, -Infinity, Infinity).center;
  const inside = densest(sorted, FINE_NS, coarse.center - COARSE_NS, coarse.center + COARSE_NS).center;
  return [...new Set([narrow, inside])];
}

/** Follows the drift from a seed: the median first, then a line through medians of time slices, taken again from what lies near it. */
function refine(pairs: readonly Pair[], seed: number): ClockFit | null {
  let offset = seed;
  let drift = 0;
  let near = pairs.filter((pair) => Math.abs(pair.difference - seed) <= FINE_NS);
  if (near.length === 0) return null;
  const at = median(near.map((pair) => pair.there));
  // Each round reaches further: drift that is known from the middle shows the pairs beyond it.
  for (let reach = 1; reach <= 64; reach *= 2) {
    const line = lineThrough(near, at);
    offset = line.offset;
    drift = line.drift;
    const next = pairs.filter((pair) => Math.abs(pair.difference - offset - drift * (pair.there - at)) <= FINE_NS);
    if (next.length <= near.length && reach > 2) break;
    if (next.length > 0) near = next;
  }
  const residuals = near.map((pair) => Math.abs(pair.difference - offset - drift * (pair.there - at)));
  return { offsetNs: offset, drift, atNs: at, errorNs: Math.ceil(1.5 * median(residuals)), support: near.length };
}

const SLICES = 32;
/** Faster clocks than this are no clocks. */
const MOST_DRIFT = 500e-6;
/** A slope must be known this well to be used; what is slower shows up soon enough. */
const LEAST_DRIFT = 2e-6;

/** Theil-Sen over medians of time slices: half of the slices may be wrong. */
function lineThrough(pairs: readonly Pair[], at: number): { readonly offset: number; readonly drift: number } {
  const [first, last] = minMax(pairs);
  const span = (last - first) / SLICES;
  const slices = Array.from({ length: SLICES }, (): Pair[] => []);
  for (const pair of pairs)
    slices[span === 0 ? 0 : Math.min(SLICES - 1, Math.floor((pair.there - first) / span))]?.push(pair);
  const points = slices
    .filter((slice) => slice.length > 0)
    .map((slice) => ({ t: median(slice.map((pair) => pair.there)), d: median(slice.map((pair) => pair.difference)) }));
  const slopes: number[] = [];
  for (const [i, a] of points.entries())
    for (const b of points.slice(i + 1)) if (b.t - a.t > 1e9) slopes.push((b.d - a.d) / (b.t - a.t));
  const slope = slopes.length === 0 ? 0 : median(slopes);
  const level = median(points.map((point) => point.d - slope * (point.t - at)));
  const noise = median(points.map((point) => Math.abs(point.d - level - slope * (point.t - at))));
  // A slope that single copies could have made by chance would lead astray what comes later.
  const isNoise = points.length < 4 || noise > LEAST_DRIFT * (last - first);
  const drift = isNoise || Math.abs(slope) > MOST_DRIFT ? 0 : slope;
  return { drift, offset: median(pairs.map((pair) => pair.difference - drift * (pair.there - at))) };
}

function minMax(pairs: readonly Pair[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { there } of pairs) {
    if (there < low) low = there;
    if (there > high) high = there;
  }
  return [low, high];
}

/** Support of the best offset that is another one. */
function rivalOf(pairs: readonly Pair[], fit: ClockFit): number {
  const flat = pairs
    .map((pair) => ({
      there: pair.there,
      difference: pair.difference - fit.offsetNs - fit.drift * (pair.there - fit.atNs),
    }))
    .filter((pair) => Math.abs(pair.difference) > 2 * FINE_NS)
    .sort((a, b) => a.difference - b.difference);
  return densest(flat, FINE_NS, -Infinity, Infinity).count;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
