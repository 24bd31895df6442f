import type { Nanoseconds } from '../../evidence/types.js';

/** Times as plain numbers of ns after `base`: exact for 104 days around it, and free of allocation. */
export interface TimeBase {
  /** ns after the base; `nanos` 0..999,999,999. */
  at(seconds: number, nanos: number): number;
  fromText(text: Nanoseconds): number;
  toText(ns: number): Nanoseconds;
}

export function timeBase(baseNs: Nanoseconds): TimeBase {
  const base = BigInt(baseNs);
  const baseSeconds = Number(base / 1_000_000_000n);
  const baseNanos = Number(base % 1_000_000_000n);
  return {
    at: (seconds, nanos) => (seconds - baseSeconds) * 1e9 + (nanos - baseNanos),
    fromText: (text) => Number(BigInt(text) - base),
    toText: (ns) => String(base + BigInt(Math.round(ns))),
  };
}
