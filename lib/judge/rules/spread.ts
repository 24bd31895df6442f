import { groupBy } from '../../groupBy.js';
import type { TimelineEvent } from '../../evidence/types.js';
import type { Finding } from '../types.js';
import { listed } from '../tell/phrasing.js';

/** The chance that a good hash leaves a leg empty, at most 2^-19: 20 flows over two legs. */
const CHANCE_BITS = 19;

/**
 * The number of flows from which an empty leg of `legs` is not chance: legs x (1 - share)^n <= 2^-19. A good bond need
 * not spread evenly: Open vSwitch in balance-tcp was seen to give four legs a half, a quarter and two eighths of its
 * hash, so the smallest share is 2^(1-legs).
 */
export function fewestFlows(legs: number): number {
  const share = 2 ** (1 - legs);
  return Math.ceil((Math.log(legs) + CHANCE_BITS * Math.LN2) / -Math.log1p(-share));
}

/**
 * The most flows per sender: enough for seven legs (960). The need doubles with each further leg, to half a million for
 * sixteen: more than a lab sends in seconds, and more than an empty leg is worth.
 */
export const MOST_FLOWS = 1_000;

/** The number of flows of one sender from which its spread over `legs` can be judged, up to the most that are sent. */
export function flowsFor(legs: number): number {
  return Math.min(fewestFlows(legs), MOST_FLOWS);
}

/**
 * Indexes of certified leaves whose leg was untouched all the time: by the lab, and by anything that affects all legs.
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
 * P4: many flows must not all take the same leg. Each sender with enough flows is judged separately: two senders that
 * are pinned to a leg each would look like a spread. Where no sender has enough, all are judged together. `live` holds
 * the indexes of leaves whose leg was up all the time. If there are too many for MOST_FLOWS, only a sender that is
 * pinned to a single leg is found, and a note says so.
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
 * Even the preferred leg of a good bond has at most half of its hash, so the flows that show a sender pinned to one leg
 * of two show it here.
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

/** `sender`: if all flows are of one. */
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
