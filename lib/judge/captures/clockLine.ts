import { median, type Common } from './samples.js';

/** How one capture's clock runs against another's: time here = time there + offset + drift x (time there - at). */
export interface ClockLine {
  readonly offsetNs: number;
  /** ns per ns. */
  readonly drift: number;
  /** Time there at which the offset holds. */
  readonly atNs: number;
}

/** Copies of one frame lie this close together once the clocks' difference is taken away, ns. */
export const FINE_NS = 2_000_000;

/** What a line makes of the frames that both captures have. */
export interface Score {
  readonly line: ClockLine;
  /** Frames here that have a partner there. */
  readonly matched: number;
  /** Frames without one, on either side, while both captures were alive. */
  readonly unmatched: number;
  /** How far partners lie from the line: standard deviation that outliers do not move, ns. */
  readonly spreadNs: number;
}

/** A stretch of time, ns on one capture's clock. */
export interface Alive {
  readonly fromNs: number;
  readonly toNs: number;
}

/** ns; at the edge of the time in which both were alive a frame proves nothing. */
const EDGE_NS = 50_000_000;
/** Stamps are no finer than that, whatever they say, ns. */
const LEAST_SPREAD_NS = 500;

/** Time there of a frame that came here. */
export function thereOf({ offsetNs, drift, atNs }: ClockLine, here: number): number {
  return (here - offsetNs + drift * atNs) / (1 + drift);
}

/** When both were alive, in times there. */
export function aliveUnder(line: ClockLine, here: Alive, there: Alive): Alive {
  return {
    fromNs: Math.max(thereOf(line, here.fromNs), there.fromNs),
    toNs: Math.min(thereOf(line, here.toNs), there.toNs),
  };
}

/** A score, and what it is made of: when the partner of each frame came there, and how far the two lie apart, ns. */
interface Laid extends Score {
  readonly there: Float64Array;
  readonly residuals: Float64Array;
}

/** Pairs each frame with at most one of the same content, in the order they came. */
function laid(common: readonly Common[], line: ClockLine, alive: Alive, withinNs: number): Laid {
  const { fromNs, toNs } = { fromNs: alive.fromNs + EDGE_NS, toNs: alive.toNs - EDGE_NS };
  const most = common.reduce((sum, { here, there }) => sum + Math.min(here.length, there.length), 0);
  const partners = new Float64Array(most);
  const residuals = new Float64Array(most);
  let matched = 0;
  let unmatched = 0;
  for (const { here, there } of common) {
    let i = 0;
    let j = 0;
    while (i < here.length || j < there.length) {
      const a = i < here.length ? thereOf(line, here[i] as number) : Infinity;
      const b = j < there.length ? (there[j] as number) : Infinity;
      if (Math.abs(a - b) <= withinNs) {
        partners[matched] = b;
        residuals[matched++] = a - b;
        i++;
        j++;
        continue;
      }
      const earlier = Math.min(a, b);
      if (earlier > fromNs && earlier < toNs) unmatched++;
      if (a < b) i++;
      else j++;
    }
  }
  const found = residuals.subarray(0, matched);
  return {
    line,
    matched,
    unmatched,
    spreadNs: spreadOf(found),
    there: partners.subarray(0, matched),
    residuals: found,
  };
}

export function scoreOf(common: readonly Common[], line: ClockLine, alive: Alive, withinNs: number): Score {
  return laid(common, line, alive, withinNs);
}

/** Standard deviation of what two parameters were fitted to. */
function spreadOf(residuals: Float64Array): number {
  const deviation = 1.4826 * median(residuals.map(Math.abs));
  const free = Math.max(1, residuals.length - 2);
  return Math.max(LEAST_SPREAD_NS, deviation * Math.sqrt(residuals.length / free));
}

/** Rounds of fitting; each takes in what the one before brought near. */
const ROUNDS = 12;
/** What lies further from the line than so many deviations is another frame. */
const TRIM = 4;
/**
 * A slope must be known this well, or be this many times its error: one that single copies made by chance leads astray
 * what comes later.
 */
const LEAST_DRIFT = 1e-6;
const SURE = 4;
/** Faster clocks than this are no clocks. */
const MOST_DRIFT = 500e-6;

/**
 * Follows a line from where it was found to wherever frames of both lie along it: a slope from few minutes is too
 * coarse for hours at first.
 */
export function refined(common: readonly Common[], seed: ClockLine, alive: (line: ClockLine) => Alive): Score {
  let last = laid(common, seed, alive(seed), FINE_NS);
  let best = last;
  for (let round = 0; round < ROUNDS; round++) {
    const fit = fitted(last);
    if (fit === null) break;
    last = laid(common, fit.line, alive(fit.line), FINE_NS);
    const isBetter = last.matched > best.matched || (last.matched === best.matched && last.spreadNs < best.spreadNs);
    if (isBetter) best = last;
    else if (round > 1) break;
  }
  return best;
}

/** The same line, without a slope that is not known. */
export function sober(common: readonly Common[], line: ClockLine, alive: Alive): ClockLine {
  const fit = fitted(laid(common, line, alive, FINE_NS));
  if (fit === null) return { ...line, drift: 0 };
  const { drift } = fit.line;
  const isKnown =
    (fit.slopeError <= LEAST_DRIFT || Math.abs(drift) > SURE * fit.slopeError) && Math.abs(drift) < MOST_DRIFT;
  return isKnown ? fit.line : { ...fit.line, drift: 0 };
}

interface Fitted {
  readonly line: ClockLine;
  /** Standard error of the drift, ns per ns. */
  readonly slopeError: number;
}

/**
 * Least squares over what lies near a line, three times, each without the outliers of the one before. Null where
 * nothing does.
 */
function fitted({ line: from, there, residuals }: Laid): Fitted | null {
  const size = there.length;
  if (size === 0) return null;
  const distances = new Float64Array(size);
  /** Places of those that are no outliers, in their order. */
  let near = Int32Array.from({ length: size }, (_, i) => i);
  let [level, slope, middle, slopeError] = [0, 0, from.atNs, Infinity];

  function measure(): void {
    for (let i = 0; i < size; i++)
      distances[i] = (residuals[i] as number) - level - slope * ((there[i] as number) - middle);
  }

  for (let pass = 0; pass < 3; pass++) {
    if (pass > 0) {
      const deviation = Math.max(LEAST_SPREAD_NS, 1.4826 * median(Float64Array.from(near, distanceAt)));
      const kept = new Int32Array(size);
      let count = 0;
      for (let i = 0; i < size; i++) if (distanceAt(i) <= TRIM * deviation) kept[count++] = i;
      if (count >= 2) near = kept.subarray(0, count);
    }
    const count = near.length;
    let [sumT, sumR] = [0, 0];
    for (let n = 0; n < count; n++) {
      sumT += there[near[n] as number] as number;
      sumR += residuals[near[n] as number] as number;
    }
    const [meanT, meanR] = [sumT / count, sumR / count];
    let [across, along] = [0, 0];
    for (let n = 0; n < count; n++) {
      const t = (there[near[n] as number] as number) - meanT;
      across += t * ((residuals[near[n] as number] as number) - meanR);
      along += t * t;
    }
    [middle, level, slope] = [meanT, meanR, along === 0 ? 0 : across / along];
    measure();
    let squares = 0;
    for (let n = 0; n < count; n++) squares += (distances[near[n] as number] as number) ** 2;
    slopeError = along === 0 ? Infinity : Math.sqrt(squares / Math.max(1, count - 2) / along);
  }
  return {
    line: {
      offsetNs: from.offsetNs + from.drift * (middle - from.atNs) + level,
      drift: from.drift + slope,
      atNs: middle,
    },
    slopeError,
  };

  function distanceAt(i: number): number {
    return Math.abs(distances[i] as number);
  }
}
