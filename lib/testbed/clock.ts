import type { Nanoseconds } from '../evidence/types.js';

/** How far a clock is ahead of the lab's, in ns; the true value is within the error. */
export interface ClockOffset {
  readonly ns: bigint;
  readonly errorNs: bigint;
}

/** The clock of a node: it stamps the frames that are captured there, and every line that its kernel timestamps. */
export interface Clock {
  /** Nodes with the same id share one clock, so that their stamps can be compared without an error. */
  readonly id: string;
  now(): Promise<Nanoseconds>;
  /** Measured again at each call. The lab's own clock has offset 0 and error 0. */
  offset(): Promise<ClockOffset>;
}
