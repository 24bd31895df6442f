import { groupBy } from '../groupBy.js';
import type { Finding } from './types.js';
import { listed } from './words.js';

/** Chance of an innocent hash that leaves a leg empty, at most 2^-19: 20 flows over two legs. */
const CHANCE_BITS = 19;

/**
 * Fewest flows from which an empty leg of `legs` is no accident: legs x (1 - share)^n <= 2^-19. An innocent bond need not deal evenly: Open
 * vSwitch in balance-tcp was seen to give four legs a half, a quarter and two eighths of its hash, so the least share is 2^(1-legs).
 */
export function fewestFlows(legs: number): number {
  const share = 2 ** (1 - legs);
  return Math.ceil((Math.log(legs) + CHANCE_BITS * Math.LN2) / -Math.log1p(-share));
}

/** A single-sent data frame of which exactly one copy arrived while all of `live` were up. */
export interface SpreadSample {
  readonly sender: string;
  /** Label of the flow, unlike those of all other flows of this sender. */
  readonly flow: number;
  readonly leaf: number;
}

/**
 * P4: many flows must not all take the same leg. Each sender with enough flows is judged for itself: two that are pinned to a leg each would
 * look like a spread. Where no sender has enough, all are judged together. `live` holds the indexes of leaves whose leg was up all the time.
 */
export function spreadFindings(samples: readonly SpreadSample[], live: readonly number[], leaves: readonly string[]): Finding[] {
  if (live.length < 2) return [];
  const enough = [...groupBy(samples, (sample) => sample.sender)].filter(([, own]) => flowsOf(own) >= fewestFlows(live.length));
  if (enough.length === 0) return unspread(samples, live, leaves);
  return enough.flatMap(([sender, own]) => unspread(own, live, leaves, sender));
}

function flowsOf(samples: readonly SpreadSample[]): number {
  return new Set(samples.map((sample) => sample.flow)).size;
}

/** `sender`: where all are of one. */
function unspread(samples: readonly SpreadSample[], live: readonly number[], leaves: readonly string[], sender?: string): Finding[] {
  const flows = flowsOf(samples);
  if (flows < fewestFlows(live.length)) return [];
  const used = new Set(samples.map((sample) => sample.leaf));
  const empty = live.filter((leaf) => !used.has(leaf));
  if (empty.length === 0) return [];
  return [{
    property: 'P4',
    signature: 'data-not-spread',
    verdict: 'fail',
    ...(sender === undefined ? {} : { sender }),
    count: empty.length,
    of: live.length,
    probes: [],
    sentence: `${flows} data flows${sender === undefined ? '' : ` of ${sender}`} were spread over the legs and none of them reached ${listed(empty.map((leaf) => leaves[leaf] ?? ''))}.`,
  }];
}
