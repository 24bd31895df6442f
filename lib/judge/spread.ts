import type { Finding } from './types.js';
import { listed } from './words.js';

/** Chance of an innocent hash that leaves a leg empty, at most 2^-19: 20 flows over two legs. */
const CHANCE_BITS = 19;

/** Fewest flows from which an empty leg of `legs` is no accident: legs x ((legs-1)/legs)^n <= 2^-19. */
export function fewestFlows(legs: number): number {
  return Math.ceil((Math.log(legs) + CHANCE_BITS * Math.LN2) / Math.log(legs / (legs - 1)));
}

/** A single-sent data frame of which exactly one copy arrived while all of `live` were up. */
export interface SpreadSample {
  readonly flow: number;
  readonly leaf: number;
}

/** P4: many flows must not all take the same leg. `live` holds the indexes of leaves whose leg was up all the time. */
export function spreadFindings(samples: readonly SpreadSample[], live: readonly number[], leaves: readonly string[]): Finding[] {
  if (live.length < 2) return [];
  const flows = new Set(samples.map((sample) => sample.flow));
  if (flows.size < fewestFlows(live.length)) return [];
  const used = new Set(samples.map((sample) => sample.leaf));
  const empty = live.filter((leaf) => !used.has(leaf));
  if (empty.length === 0) return [];
  return [{
    property: 'P4',
    signature: 'data-not-spread',
    verdict: 'fail',
    count: empty.length,
    of: live.length,
    probes: [],
    sentence: `${flows.size} data flows were spread over the legs and none of them reached ${listed(empty.map((leaf) => leaves[leaf] ?? ''))}.`,
  }];
}
