import type { EvidenceManifest, Probe, TimelineEvent } from '../evidence/types.js';
import { groupBy } from '../groupBy.js';
import type { Sender, Topology } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';
import { kindEntry, type Family } from '../wire/kinds.js';
import type { Liveness } from './liveness.js';
import { macNumber } from './macs.js';
import type { ProbeIndex } from './probeIndex.js';
import type { SenderWatch } from './returns.js';
import type { Finding } from './types.js';
import { plural } from './words.js';

export interface InboundInput {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  readonly index: ProbeIndex;
  /** At the senders' own NICs; certified ones only. */
  readonly ears: readonly SenderWatch[];
  readonly timeline: readonly TimelineEvent[];
  readonly liveness: Pick<Liveness, 'base' | 'beforeNs'>;
}

export interface Inbound {
  readonly findings: readonly Finding[];
  /** Indexes of probes that never reached the sender that they were for. */
  readonly lost: ReadonlySet<number>;
}

/** What is for one machine alone; of router messages a host may believe what it will. */
const JUDGED: readonly Family[] = ['arp', 'nd', 'data', 'near-miss'];

/**
 * P1 and P4 on the way in: what a leaf sends to a sender's own MAC, in a network of that sender, is heard there. (That it is heard no second
 * time is said of everything that comes in.) Claimed only where nothing can excuse it: the bond takes frames of that leg, the lab has changed
 * nothing yet, and the tap at the sender's NIC is certified.
 */
export function inboundFindings({ manifest, probes, index, ears, timeline, liveness }: InboundInput): Inbound {
  const { topology } = manifest;
  // What was tested is not what was meant to be: whether the bond takes a frame is anybody's guess.
  if (manifest.audit.some(({ ok }) => !ok)) return { findings: [], lost: new Set() };
  const legs = heardLegs(manifest);
  const leaves = new Set(topology.legs.filter(({ name }) => legs.includes(name)).map(({ leaf }) => leaf));
  const until = quietUntil(timeline, liveness, manifest.lateBandNs);
  const receivers = receiversOf(topology);
  const heardAt = new Map(ears.flatMap(({ contents: { tap }, heard }) => (tap.direction === 'in' ? [[tap.node, heard] as const] : [])));
  const due = probes.flatMap((probe, at) => {
    const { family, expected } = kindEntry(probe.kind);
    const isJudged = leaves.has(probe.sender) && probe.outside !== true && probe.namedBy === 'token' && probe.wireTags.length <= 1 && (index.sent[at] ?? Infinity) < until;
    if (!isJudged || !JUDGED.includes(family) || expected === 'informational') return [];
    const receiver = receivers.get(addressOf(probe));
    const heard = receiver === undefined ? undefined : heardAt.get(receiver);
    return receiver === undefined || heard === undefined ? [] : [{ at, probe, receiver, isLost: !heard.has(at), property: family === 'arp' || family === 'nd' ? 'P1' as const : 'P4' as const }];
  });
  const findings = [...groupBy(due, ({ probe, receiver }) => `${probe.sender} ${receiver} ${probe.kind}`).values()].flatMap((group): Finding[] => {
    const [first] = group;
    const lost = group.filter(({ isLost }) => isLost);
    if (first === undefined || lost.length === 0) return [];
    const { probe: { kind, sender }, receiver, property } = first;
    return [{
      property, signature: 'missing-inbound', verdict: 'fail', kind, sender, count: lost.length, of: group.length, probes: lost.map(({ probe }) => probe.id).sort((a, b) => a - b),
      sentence: `${receiver} never received ${lost.length} of ${group.length} ${plural(kind)} that ${sender} sent to its MAC.`,
    }];
  });
  return { findings, lost: new Set(due.flatMap(({ at, isLost }) => (isLost ? [at] : []))) };
}

/**
 * Legs on which the bond takes unicast frames. With LACP each member does, and with balance-slb each as long as their source is not known
 * elsewhere; active-backup drops whatever comes in on a backup (Open vSwitch, ofproto/bond.c, bond_check_admissibility).
 */
function heardLegs({ topology, dataplane, activeLeg }: EvidenceManifest): readonly string[] {
  const isBackup = topology.host.bond.mode === 'active-backup' || dataplane.includes('active-backup');
  if (!isBackup) return topology.legs.map(({ name }) => name);
  return activeLeg === undefined ? [] : [activeLeg];
}

const WELL: readonly string[] = ['enabled', 'current', 'up'];

/** When the lab, or a machine by itself, first changed anything about legs or daemons; before that what was on its way may be lost. */
function quietUntil(timeline: readonly TimelineEvent[], { base, beforeNs }: InboundInput['liveness'], lateBandNs: number): number {
  const isQuiet = (event: TimelineEvent): boolean => event.type === 'mark' || (event.type === 'observed' && (event.what === 'partner' || WELL.includes(event.state)));
  return Math.min(...timeline.filter((event) => !isQuiet(event)).map(({ fromNs }) => base.fromText(fromNs) - Math.max(beforeNs, lateBandNs)));
}

/** Senders by MAC and VLAN (0 = the native one), for the networks that each is in. */
function receiversOf(topology: Topology): ReadonlyMap<string, string> {
  const vlans = ({ addresses }: Sender): readonly number[] => addresses.flatMap(({ network }) => topology.networks.filter(({ name }) => name === network).map(({ vlan }) => vlan ?? 0));
  return new Map(sendersOf(topology).flatMap((sender) => vlans(sender).map((vlan) => [`${macNumber(sender.mac)} ${vlan}`, sender.node] as const)));
}

/** MAC and VLAN to which a probe goes. */
function addressOf({ frame, wireTags }: Probe): string {
  return `${Number.parseInt(frame.slice(0, 12), 16)} ${wireTags[0]?.vid ?? 0}`;
}
