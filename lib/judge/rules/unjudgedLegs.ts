import type { TimelineEvent } from '../../evidence/types.js';
import { concerns, type LegState, type Liveness } from './liveness.js';
import type { Finding } from '../types.js';
import { BAND } from '../read/sightingBits.js';

/** A probe of which a copy is due on every leg that is live by the timeline. */
export interface TimedProbe {
  readonly sentNs: number;
  /** By leg. */
  readonly states: readonly LegState[];
}

export interface LegsInput {
  readonly timeline: readonly TimelineEvent[];
  readonly liveness: Liveness;
  /** Legs and their leaves, in the order of `states`. */
  readonly legs: readonly string[];
  readonly leaves: readonly string[];
  /** Whether the leaf is certified; if not, nothing is claimed on it anyway. */
  readonly valid: readonly boolean[];
  /** A copy on a dead leg is a failure. */
  readonly silent: boolean;
  /** Whether the host's end of the leg was captured: a leaf behind a cut cable sees nothing. */
  readonly tapped: readonly boolean[];
}

/**
 * The purpose of a fault that went unjudged: a leg that came back, or had to be silent, and that was not captured, or
 * every probe of that time fell into don't-care time. The other legs' probes may have passed; a pass would then cover
 * this leg, too.
 */
export function unjudgedLegs(
  probes: readonly TimedProbe[],
  { timeline, liveness: { base, host, profile }, legs, leaves, valid, silent, tapped }: LegsInput,
): Finding[] {
  // If nothing at all was judged, that is reported elsewhere, once.
  if (probes.every(({ states }) => states.every((state) => state === BAND))) return [];
  return legs.flatMap((leg, at): Finding[] => {
    if (valid[at] !== true) return [];
    const leaf = leaves[at] ?? '';
    const own = timeline.flatMap((event) =>
      event.type === 'leg' && event.leg === leg
        ? [
            {
              state: event.state,
              repeats: event.repeats === true,
              from: base.fromText(event.fromNs),
              to: base.fromText(event.toNs),
            },
          ]
        : [],
    );
    const swallowed = (from: number, to: number): number => {
      const there = probes.filter(({ sentNs }) => sentNs > from && sentNs < to);
      return there.every(({ states }) => states[at] === BAND) ? there.length : 0;
    };
    const last = timeline.findLast((event) => concerns(event, leg, host, profile));
    const after = last === undefined ? 0 : swallowed(base.fromText(last.toNs), Infinity);
    // A flapping cable is never out long enough to judge what is due there.
    const cuts = own.flatMap((event, i) =>
      event.state === 'down' && !event.repeats ? [{ from: event.to, to: own[i + 1]?.from ?? Infinity }] : [],
    );
    const unseen = cuts.map(({ from, to }) => swallowed(from, to));
    const out =
      silent && cuts.length > 0 && unseen.every((count) => count > 0)
        ? unseen.reduce((sum, count) => sum + count, 0)
        : 0;
    return [
      ...(silent && cuts.length > 0 && tapped[at] !== true ? [unseenLeg(leaf, leg)] : []),
      ...(after > 0
        ? [
            finding(
              leaf,
              after,
              `Every one of ${after} probes that were sent after the last change on ${leg} fell into its don't-care time: nothing is known of ${leaf} from then on.`,
            ),
          ]
        : []),
      ...(out > 0
        ? [
            finding(
              leaf,
              out,
              `Every one of ${out} probes that were sent while ${leg} was out fell into don't-care time: nothing is known of what was sent down that leg.`,
            ),
          ]
        : []),
    ];
  });
}

function unseenLeg(leaf: string, leg: string): Finding {
  return {
    property: 'validity',
    signature: 'no-proof-of-life',
    verdict: 'inconclusive',
    leaf,
    count: 1,
    probes: [],
    sentence: `Nothing is known of what was sent down ${leg} while it was out: it must be silent then, and the host's end of it was not captured.`,
  };
}

function finding(leaf: string, count: number, sentence: string): Finding {
  return { property: 'validity', signature: 'all-in-band', verdict: 'inconclusive', leaf, count, probes: [], sentence };
}
