import type { Probe } from '../../evidence/types.js';
import { groupBy } from '../../groupBy.js';
import { KINDS } from '../../wire/kinds.js';
import type { SenderWatch } from '../read/senderWatch.js';
import { plural, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';

/** How often a probe may come in at one sender. */
export type Most = (probe: Probe) => number;

/**
 * P5 at a sender's own NIC: nothing that it sent may come back, and nothing of a network that it is not in may come in.
 * P1: frames of others come in once.
 */
export function returnFindings(watch: SenderWatch, probes: readonly Probe[], most: Most): Finding[] {
  return [...ownFrames(watch), ...leaks(watch), ...repeats(watch, probes, most)];
}

/** Indexes of probes that their own sender received again, or another one too often. */
export function returnedProbes(watch: SenderWatch, probes: readonly Probe[], most: Most): readonly number[] {
  return [...watch.returned, ...heardTooOften(watch, probes, most)];
}

/** How many of its own frames a sender received again. */
export function returnedFrames({ ownAgain }: SenderWatch): number {
  return [...ownAgain.values()].reduce((sum, { count }) => sum + count, 0);
}

function ownFrames({ contents: { tap }, ownAgain }: SenderWatch): Finding[] {
  return [...ownAgain]
    .sort(([a], [b]) => a - b)
    .map(([code, { count, probes }]): Finding => {
      const kind = KINDS[code]?.id ?? 'data-other';
      return {
        property: 'P5',
        signature: 'returned-to-sender',
        verdict: 'fail',
        kind,
        sender: tap.node,
        count,
        probes: [...probes].sort((a, b) => a - b),
        sentence: `${tap.node} received ${count} of its own ${plural(kind)} again.`,
      };
    });
}

function leaks(watch: SenderWatch): Finding[] {
  const { node } = watch.contents.tap;
  return watch.leaks.map(({ from, vlan, probes }) => ({
    property: 'P5',
    signature: 'vlan-leak',
    verdict: 'fail',
    sender: from,
    count: probes.length,
    probes: [...probes].sort((a, b) => a - b),
    sentence: `${node} received ${some(probes.length, 'frame')} from ${from} ${vlan === 0 ? 'of the native network' : `of VLAN ${vlan}`}, which it is not in.`,
  }));
}

function repeats(watch: SenderWatch, probes: readonly Probe[], most: Most): Finding[] {
  const { node } = watch.contents.tap;
  const often = heardTooOften(watch, probes, most);
  return [...groupBy(often, (probe) => `${timesOf(probes, most, probe)} ${probes[probe]?.sender ?? ''}`).values()].map(
    (group): Finding => {
      const [first = -1] = group;
      const [from, times] = [probes[first]?.sender ?? '', timesOf(probes, most, first)];
      return {
        property: 'P1',
        signature: 'duplicate',
        verdict: 'fail',
        sender: from,
        count: group.length,
        probes: group.flatMap((probe) => probes[probe]?.id ?? []).sort((a, b) => a - b),
        sentence: `${node} itself received ${some(group.length, 'frame')} from ${from} more than ${times === 1 ? 'once' : `${times} times`}: what a host may hear of others must come in ${times === 1 ? 'once' : 'once on each leg'}.`,
      };
    },
  );
}

const timesOf = (probes: readonly Probe[], most: Most, at: number): number => {
  const probe = probes[at];
  return probe === undefined ? 1 : most(probe);
};

function heardTooOften({ heard }: SenderWatch, probes: readonly Probe[], most: Most): readonly number[] {
  return [...heard].filter(([at, times]) => times > timesOf(probes, most, at)).map(([at]) => at);
}
