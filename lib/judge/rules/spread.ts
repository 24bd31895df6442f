import { groupBy } from '../../groupBy.js';
import type { TimelineEvent } from '../../evidence/types.js';
import type { Finding } from '../types.js';
import { listed } from '../tell/phrasing.js';

/** Chance of an innocent hash that leaves a leg empty, at most 2^-19: 20 flows over two legs. */
const CHANCE_BITS = 19;

/**
 * Fewest flows from which an empty leg of `legs` is no accident: legs x (1 - share)^n <= 2^-19. An innocent bond need
 * not deal evenly: Open vSwitch in balance-tcp was seen to give four legs a half, a quarter and two eighths of its
 * hash, so the least share is 2^(1-legs).
 */
export function fewestFlows(legs: number): number {
  const share = 2 ** (1 - legs);
  return Math.ceil((Math.log(legs) + CHANCE_BITS * Math.LN2) / -Math.log1p(-share));
}

/**
 * Most flows that a sender is given: enough for seven legs (960). What it takes doubles with each leg more, half a
 * million for sixteen: beyond what a lab sends in seconds and an empty leg is worth.
 */
export const MOST_FLOWS = 1_000;

/** Flows of one sender by which its spread over `legs` can be judged, or as many as are sent at all. */
export function flowsFor(legs: number): number {
  return Math.min(fewestFlows(legs), MOST_FLOWS);
}

/**
 * Indexes of certified leaves whose leg nothing touched all the time: neither the lab, nor anything else that concerns
 * all legs.
 */
export function legsThroughout(
  timeline: readonly TimelineEvent[],
  legs: readonly string[],
  valid: readonly boolean[],
): readonly number[] {
  const touches = (event: TimelineEvent, leg: string | undefined): boolean =>
    event.type !== 'observed' && event.type !== 'mark' && !('leg' in event && event.leg !== leg);
  return valid.flatMap((isValid, leaf) =>
    isValid && !timeline.some((event) => touches(event, legs[leaf])) ? [leaf] : [],
  );
}

/** A single-sent data frame of which exactly one copy arrived while all of `live` were up. */
export interface SpreadSample {
  readonly sender: string;
  /** Label of the flow, unlike those of all other flows of this sender. */
  readonly flow: number;
  readonly leaf: number;
}

/**
 * P4: many flows must not all take the same leg. Each sender with enough flows is judged for itself: two that are
 * pinned to a leg each would look like a spread. Where no sender has enough, all are judged together. `live` holds the
 * indexes of leaves whose leg was up all the time; of so many that MOST_FLOWS cannot tell, only a sender that is pinned
 * to a single leg is found, and a note says so.
 */
export function spreadFindings(
  samples: readonly SpreadSample[],
  live: readonly number[],
  leaves: readonly string[],
): Finding[] {
  if (live.length < 2) return [];
  if (fewestFlows(live.length) > MOST_FLOWS) return tooManyLegs(samples, live, leaves);
  const enough = [...groupBy(samples, (sample) => sample.sender)].filter(
    ([, own]) => flowsOf(own) >= fewestFlows(live.length),
  );
  if (enough.length === 0) return unspread(samples, live, leaves);
  return enough.flatMap(([sender, own]) => unspread(own, live, leaves, sender));
}

/**
 * No leg that an innocent bond prefers has more than half of its hash, so flows that show a sender pinned to one leg of
 * two show it here.
 */
function tooManyLegs(samples: readonly SpreadSample[], live: readonly number[], leaves: readonly string[]): Finding[] {
  if (samples.length === 0) return [];
  const pinned = [...groupBy(samples, (sample) => sample.sender)].filter(
    ([, own]) => flowsOf(own) >= fewestFlows(2) && new Set(own.map(({ leaf }) => leaf)).size === 1,
  );
  return [
    ...pinned.map(([sender, own]) =>
      notSpread(
        flowsOf(own),
        live.filter((leaf) => leaf !== own[0]?.leaf),
        live,
        leaves,
        sender,
      ),
    ),
    {
      property: 'P4',
      signature: 'data-not-spread',
      verdict: 'note',
      count: flowsOf(samples),
      probes: [],
      sentence: `Whether data reaches every leg was not judged: an empty one of ${live.length} legs would show with ${fewestFlows(live.length)} flows of a sender, and at most ${MOST_FLOWS} are sent. Only that no sender uses one leg alone was.`,
    },
  ];
}

function flowsOf(samples: readonly SpreadSample[]): number {
  return new Set(samples.map((sample) => sample.flow)).size;
}

/** `sender`: where all are of one. */
function unspread(
  samples: readonly SpreadSample[],
  live: readonly number[],
  leaves: readonly string[],
  sender?: string,
): Finding[] {
  const flows = flowsOf(samples);
  if (flows < fewestFlows(live.length)) return [];
  const used = new Set(samples.map((sample) => sample.leaf));
  const empty = live.filter((leaf) => !used.has(leaf));
  if (empty.length === 0) return [];
  return [notSpread(flows, empty, live, leaves, sender)];
}

function notSpread(
  flows: number,
  empty: readonly number[],
  live: readonly number[],
  leaves: readonly string[],
  sender?: string,
): Finding {
  return {
    property: 'P4',
    signature: 'data-not-spread',
    verdict: 'fail',
    ...(sender === undefined ? {} : { sender }),
    count: empty.length,
    of: live.length,
    probes: [],
    sentence: `${flows} data flows${sender === undefined ? '' : ` of ${sender}`} were spread over the legs and none of them reached ${listed(empty.map((leaf) => leaves[leaf] ?? ''))}.`,
  };
}
