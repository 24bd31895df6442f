import type { Alteration } from '../../wire/altered.js';
import type { EvidenceManifest, Probe, TimelineEvent } from '../../evidence/types.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { sendersOf } from '../../topology/senders.js';
import type { Sender } from '../tell/claim.js';
import { timeBase, type TimeBase } from './clock.js';
import { clockErrorsOf, type ClockErrors } from './clockErrors.js';
import { indexProbes, type ProbeIndex } from './probeIndex.js';
import { inOrder } from '../rules/liveness.js';

/**
 * What is known from the evidence of a lab before any capture is read. Leaves, legs and senders are named by their
 * index in these lists.
 */
export interface LabRecord {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  readonly index: ProbeIndex;
  /** Times are ns after the window opened. */
  readonly base: TimeBase;
  readonly clocks: ClockErrors;
  readonly leaves: readonly string[];
  /** The leg to each leaf; an empty name where the topology has none. */
  readonly legs: readonly string[];
  /** Host and VMs, then the leaves, then those of the second host. */
  readonly senders: readonly Sender[];
  /** In the order in which the edges began. */
  readonly timeline: readonly TimelineEvent[];
}

export function labRecordOf(manifest: EvidenceManifest, probes: readonly Probe[]): LabRecord {
  const { topology } = manifest;
  const base = timeBase(manifest.window.openNs);
  const leaves = topology.leaves.map(({ name }) => name);
  return {
    manifest,
    probes,
    index: indexProbes(probes, base),
    base,
    clocks: clockErrorsOf(manifest),
    leaves,
    legs: leaves.map((leaf) => topology.legs.find((leg) => leg.leaf === leaf)?.name ?? ''),
    senders: [
      ...sendersOf(topology).map(({ node, mac }) => ({ name: node, mac: mac.toLowerCase() })),
      ...leaves.map((name) => ({ name, mac: null })),
      ...secondSendersOf(topology).map(({ node, mac }) => ({ name: node, mac: mac.toLowerCase() })),
    ],
    timeline: inOrder(manifest.timeline),
  };
}

/** What the place of a leaf's capture alters in all frames alike, so that copies are compared without it. */
export function alteredAlike(
  { manifest: { vantages = {} } }: Pick<LabRecord, 'manifest'>,
  leaf: string,
): ReadonlySet<Alteration> {
  return new Set(vantages[leaf]?.canaries.flatMap(({ altered }) => altered) ?? []);
}
