import type { ClockFit } from './estimate.js';
import { median } from './samples.js';
import { OWN_MEMORY, type TableRoom } from './tableRoom.js';

/** A clock's correction from one own time on. */
export interface ClockPiece {
  readonly fromNs: number;
  readonly add: number;
  readonly rate: number;
  readonly at: number;
}

/** Maps a capture's own time to the common one, and follows its drift. Times in ns after the captures' own bases. */
export interface LeafClock {
  /** corrected = time + add + rate x (time - at). */
  readonly add: number;
  readonly rate: number;
  readonly at: number;
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
  /** Moves what other code reads and writes, too, into its memory. */
  moveTo(room: TableRoom): ClockTables;
}

/** What of a clock compiled code reads and writes. */
export interface ClockTables {
  /** `add`, `rate` and `at`, in this order. */
  readonly line: Float64Array;
  /** Null where a clock is taken as it is. */
  readonly pending: PendingResiduals | null;
  /** What `observe` does once `isBlockFull` of what was observed. */
  correct(ns: number): void;
}

/** What was observed since the last correction. */
export interface PendingResiduals {
  readonly residuals: Float64Array;
  readonly count: Int32Array;
  /** Corrected time of the first one, ns. */
  readonly since: Float64Array;
}

/** Copies need not be observed more often than this, ns: clocks drift slowly. */
export const OBSERVE_NS = 10_000_000;
export const BLOCK = 64;
/** A block is closed after this time with fewer copies, ns. */
export const BLOCK_NS = 10_000_000_000;
export const BLOCK_LEAST = 5;
/** Corrections that are kept to tell the rate. */
const POINTS = 32;
/** Time over which a rate is told apart from the jitter of medians, ns. */
const RATE_NS = 20_000_000_000;

/** A clock that is taken as it is: `add` is the difference of the bases, ns. */
export function fixedClock(add: number): LeafClock {
  const tablesIn = (room: TableRoom): ClockTables => {
    const line = room.numbers(3);
    line[0] = add;
    return { line, pending: null, correct: () => undefined };
  };
  return {
    add,
    rate: 0,
    at: 0,
    observe: () => undefined,
    errorNs: () => 0,
    drift: () => 0,
    pieces: [{ fromNs: -Infinity, add, rate: 0, at: 0 }],
    moveTo: tablesIn,
  };
}

/** A clock that starts from a measured fit. */
export function trackedClock(fit: ClockFit, keepPieces: boolean): LeafClock {
  // The fit speaks of times there, corrections of times here.
  const start = { add: -fit.offsetNs, rate: -fit.drift / (1 + fit.drift), at: fit.atNs + fit.offsetNs };
  const pieces: ClockPiece[] = [{ fromNs: -Infinity, ...start }];
  let line = OWN_MEMORY.numbers(3);
  let pending = pendingIn(OWN_MEMORY);
  let first: { readonly ns: number; readonly offset: number } | null = null;
  let points: { readonly ns: number; readonly offset: number }[] = [];
  let errorSum = fit.errorNs;
  let errors = 1;
  line.set([start.add, start.rate, start.at]);

  /** Own time, near enough: corrected and own time differ by a constant and some ppm. */
  function ownAt(ns: number): number {
    return ns - clock.add - clock.rate * (ns - clock.add - clock.at);
  }

  function correct(ns: number): void {
    const residuals = pending.residuals.subarray(0, pending.count[0]);
    const middle = median(residuals);
    errorSum += 1.5 * median(residuals.map((value) => Math.abs(value - middle)));
    errors++;
    pending.count[0] = 0;
    const own = ownAt(ns);
    const offset = clock.add + clock.rate * (own - clock.at) - middle;
    const point = { ns: own, offset };
    first ??= point;
    points.push(point);
    if (points.length > POINTS) points = points.filter((_, i) => i % 2 === 1);
    const oldest = points[0];
    const isLong = oldest !== undefined && own - oldest.ns >= RATE_NS && points.length >= 4;
    line.set([offset, isLong ? slope(points) : clock.rate, own]);
    if (keepPieces) pieces.push({ fromNs: own, add: clock.add, rate: clock.rate, at: clock.at });
  }

  const clock: LeafClock = {
    get add() {
      return line[0] as number;
    },
    get rate() {
      return line[1] as number;
    },
    get at() {
      return line[2] as number;
    },
    observe(residual, ns) {
      const { residuals, count, since } = pending;
      const size = count[0] as number;
      if (size === 0) since[0] = ns;
      residuals[size] = residual;
      count[0] = size + 1;
      if (isBlockFull(size + 1, ns - (since[0] as number))) correct(ns);
    },
    moveTo(room) {
      const [oldLine, old] = [line, pending];
      line = room.numbers(3);
      line.set(oldLine);
      pending = pendingIn(room);
      pending.residuals.set(old.residuals);
      pending.count.set(old.count);
      pending.since.set(old.since);
      return { line, pending, correct };
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

function pendingIn(room: TableRoom): PendingResiduals {
  return { residuals: room.numbers(BLOCK), count: room.words(1), since: room.numbers(1) };
}

/** Whether so many residuals, over this time, make a block. */
function isBlockFull(count: number, ns: number): boolean {
  return count >= BLOCK || (ns >= BLOCK_NS && count >= BLOCK_LEAST);
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
