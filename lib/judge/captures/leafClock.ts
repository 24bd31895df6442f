import type { ClockFit } from './estimate.js';
import { median } from './samples.js';

/** A clock's correction from one own time on. */
export interface ClockPiece {
  readonly fromNs: number;
  readonly add: number;
  readonly rate: number;
  readonly at: number;
}

/** Maps a capture's own time to the common one, and follows its drift. Times in ns after the captures' own bases. */
export interface LeafClock {
  /** corrected = time + add + rate x (time - at); read directly on the hot path. */
  add: number;
  rate: number;
  at: number;
  /**
   * A copy pair: how much later (corrected) this leaf saw it than the leaf of the common clock, at corrected time `ns`.
   */
  observe(residual: number, ns: number): void;
  /** Steadiness of the fit so far, ns. */
  errorNs(): number;
  /** Mean drift against the common clock since the start, ns per ns; positive = this clock runs fast. */
  drift(): number;
  /** Every correction that was in force, in order; empty unless it was asked for. */
  readonly pieces: readonly ClockPiece[];
}

/** Copies need not be observed more often than this, ns: clocks drift slowly. */
export const OBSERVE_NS = 10_000_000;
const BLOCK = 64;
/** A block is closed after this time with fewer copies, ns. */
const BLOCK_NS = 10_000_000_000;
const BLOCK_LEAST = 5;
/** Corrections that are kept to tell the rate. */
const POINTS = 32;
/** Time over which a rate is told apart from the jitter of medians, ns. */
const RATE_NS = 20_000_000_000;

/** A clock that is taken as it is: `add` is the difference of the bases, ns. */
export function fixedClock(add: number): LeafClock {
  return {
    add,
    rate: 0,
    at: 0,
    observe: () => undefined,
    errorNs: () => 0,
    drift: () => 0,
    pieces: [{ fromNs: -Infinity, add, rate: 0, at: 0 }],
  };
}

/** A clock that starts from a measured fit. */
export function trackedClock(fit: ClockFit, keepPieces: boolean): LeafClock {
  // The fit speaks of times there, corrections of times here.
  const start = { add: -fit.offsetNs, rate: -fit.drift / (1 + fit.drift), at: fit.atNs + fit.offsetNs };
  const pieces: ClockPiece[] = [{ fromNs: -Infinity, ...start }];
  const residuals: number[] = [];
  let blockStart = 0;
  let first: { readonly ns: number; readonly offset: number } | null = null;
  let points: { readonly ns: number; readonly offset: number }[] = [];
  let errorSum = fit.errorNs;
  let errors = 1;
  const clock: LeafClock = {
    ...start,
    observe(residual, ns) {
      if (residuals.length === 0) blockStart = ns;
      residuals.push(residual);
      if (residuals.length < BLOCK && (ns - blockStart < BLOCK_NS || residuals.length < BLOCK_LEAST)) return;
      const middle = median(residuals);
      errorSum += 1.5 * median(residuals.map((value) => Math.abs(value - middle)));
      errors++;
      residuals.length = 0;
      // Own time, near enough: corrected and own time differ by a constant and some ppm.
      const own = ns - clock.add - clock.rate * (ns - clock.add - clock.at);
      const offset = clock.add + clock.rate * (own - clock.at) - middle;
      const point = { ns: own, offset };
      first ??= point;
      points.push(point);
      if (points.length > POINTS) points = points.filter((_, i) => i % 2 === 1);
      clock.at = own;
      clock.add = offset;
      const oldest = points[0];
      if (oldest !== undefined && own - oldest.ns >= RATE_NS && points.length >= 4) clock.rate = slope(points);
      if (keepPieces) pieces.push({ fromNs: own, add: clock.add, rate: clock.rate, at: clock.at });
    },
    pieces,
    errorNs: () => Math.ceil(errorSum / errors),
    drift: () => {
      const last = points.at(-1);
      if (first === null || last === undefined || last.ns - first.ns < RATE_NS) return -clock.rate;
      return -(last.offset - first.offset) / (last.ns - first.ns);
    },
  };
  return clock;
}

/** Least squares. */
function slope(points: readonly { readonly ns: number; readonly offset: number }[]): number {
  const n = points.length;
  const meanT = points.reduce((sum, point) => sum + point.ns, 0) / n;
  const meanD = points.reduce((sum, point) => sum + point.offset, 0) / n;
  let top = 0;
  let bottom = 0;
  for (const { ns, offset } of points) {
    top += (ns - meanT) * (offset - meanD);
    bottom += (ns - meanT) ** 2;
  }
  return bottom === 0 ? 0 : top / bottom;
}
