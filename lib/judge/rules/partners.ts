import type { EvidenceManifest } from '../../evidence/types.js';
import { inOrder } from './liveness.js';
import type { Finding } from '../types.js';

/** A leg on which no partner is heard: LACP is off, or has timed out. */
const NOBODY = '00:00:00:00:00:00';

/**
 * P9: leaves must look like one switch to the host's LACP, or its bond uses the legs of one of them only. Where the lab itself split
 * them the finding is a note: it shows that it would be noticed.
 */
export function partnerFindings(manifest: EvidenceManifest): Finding[] {
  const { legs } = manifest.topology;
  const heard = new Map<string, string>();
  const split = new Set<string>();
  const found = new Map<string, Finding>();
  for (const event of inOrder(manifest.timeline)) {
    if (event.type === 'partner') {
      if (event.state === 'split') split.add(event.leg);
      else if (event.verb === 'joinSystemId') split.delete(event.leg);
    }
    if (event.type !== 'observed' || event.what !== 'partner') continue;
    heard.set(event.leg, event.state);
    const systems = new Map<string, string[]>();
    for (const leg of legs) {
      const system = heard.get(leg.name) ?? NOBODY;
      if (system !== NOBODY) systems.set(system, [...(systems.get(system) ?? []), leg.leaf]);
    }
    if (systems.size < 2) continue;
    const made = split.size > 0 || splitDuring(manifest, event.fromNs, event.toNs);
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

/** Whether the lab had split the leaves at some time of an observation: that lies between two looks. */
function splitDuring({ timeline }: EvidenceManifest, fromNs: string, toNs: string): boolean {
  return timeline.some(
    (event) =>
      event.type === 'partner' &&
      (event.state === 'split' || event.verb === 'joinSystemId') &&
      BigInt(event.fromNs) <= BigInt(toNs) &&
      BigInt(event.toNs) >= BigInt(fromNs),
  );
}
