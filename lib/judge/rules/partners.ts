import type { EvidenceManifest, TimelineEvent } from '../../evidence/types.js';
import { inOrder } from './liveness.js';
import type { Finding } from '../types.js';

/** A leg on which no partner is heard: LACP is off, or has timed out. */
const NOBODY = '00:00:00:00:00:00';

/**
 * P9: leaves must look like one switch to the host's LACP, or its bond uses the legs of one of them only. Where the lab
 * itself split them the finding is a note: it shows that a split is noticed.
 */
export function partnerFindings(manifest: EvidenceManifest): Finding[] {
  const { legs } = manifest.topology;
  const heard = new Map<string, string>();
  const split = new Set<string>();
  const deeds = splitEdges(manifest.timeline);
  const found = new Map<string, Finding>();
  for (const event of inOrder(manifest.timeline)) {
    if (event.type === 'partner') {
      if (event.state === 'split') split.add(event.leg);
      else if (event.state === 'speaking') split.delete(event.leg);
    }
    if (event.type !== 'observed' || event.what !== 'partner') continue;
    heard.set(event.leg, event.state);
    const systems = new Map<string, string[]>();
    for (const leg of legs) {
      const system = heard.get(leg.name) ?? NOBODY;
      if (system !== NOBODY) systems.set(system, [...(systems.get(system) ?? []), leg.leaf]);
    }
    if (systems.size < 2) continue;
    const made = split.size > 0 || deeds.some((deed) => overlap(deed, event));
    const sentence = `The leaves are no single LACP partner: ${[...systems].map(([system, leaves]) => `${leaves.join(' and ')} said system id ${system}`).join(', ')}. A bond uses the legs of one partner only, so frames that follow it are missing on the others.${made ? ' The lab made it so.' : ''}`;
    found.set(sentence, {
      property: 'P9',
      signature: 'split-aggregator',
      verdict: made ? 'note' : 'fail',
      count: systems.size - 1,
      of: legs.length,
      probes: [],
      sentence,
    });
  }
  return [...found.values()];
}

/** Edges at which the lab split the leaves or joined them again. */
function splitEdges(timeline: EvidenceManifest['timeline']): readonly TimelineEvent[] {
  const split = new Set<string>();
  return inOrder(timeline).filter((event) => {
    if (event.type !== 'partner' || event.state === 'silent') return false;
    if (event.state === 'speaking') return split.delete(event.leg);
    split.add(event.leg);
    return true;
  });
}

/** Whether an edge may lie within an observation, which lies between two polls. */
function overlap(edge: TimelineEvent, seen: TimelineEvent): boolean {
  return BigInt(edge.fromNs) <= BigInt(seen.toNs) && BigInt(edge.toNs) >= BigInt(seen.fromNs);
}
