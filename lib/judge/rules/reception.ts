import { floods, hearOnHost } from '../../dataplane/traits.js';
import type { EvidenceManifest, Probe, TimelineEvent } from '../../evidence/types.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { groupBy } from '../../groupBy.js';
import type { Profile } from '../../profile/types.js';
import { kindEntry, type Family } from '../../wire/kinds.js';
import type { Liveness } from './liveness.js';
import type { ProbeIndex } from '../read/probeIndex.js';
import type { Receivers } from './receivers.js';
import type { SenderWatch } from '../read/senderWatch.js';
import type { Finding } from '../types.js';
import { plural } from '../tell/phrasing.js';

export interface ReceptionInput {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  readonly index: ProbeIndex;
  readonly receivers: Receivers;
  /** At the senders' own NICs; certified ones only. */
  readonly senderTaps: readonly Pick<SenderWatch, 'contents' | 'heard'>[];
  readonly timeline: readonly TimelineEvent[];
  readonly liveness: Pick<Liveness, 'base' | 'beforeNs'>;
  readonly profile: Pick<Profile, 'deliversOnHost'>;
}

export interface Reception {
  readonly findings: readonly Finding[];
  /** Indexes of probes that never reached a sender that they were for. */
  readonly lost: ReadonlySet<number>;
  /** Indexes of those that reached one. */
  readonly heard: ReadonlySet<number>;
}

/** A probe, and one of the senders that must receive it. */
interface Due {
  readonly at: number;
  readonly probe: Probe;
  readonly receiver: string;
  /** It goes to the receiver's own MAC. */
  readonly isAddressed: boolean;
  readonly isLost: boolean;
}

/** What a bridge forwards, and a firewall usually does not drop; a host may ignore router messages. */
const JUDGED: readonly Family[] = ['arp', 'nd', 'data', 'near-miss'];

/**
 * P1 and P4 at the senders' own NICs: a frame that a leaf sends to a sender's MAC, in a network of that sender, must be
 * received there; so must, where the profile says so, frames between the senders of one host. (Second copies are
 * checked for everything that comes in.) Claimed only where nothing can excuse it: the lab has changed nothing yet, the
 * bond takes frames of that leg, and the tap at the NIC is certified.
 */
export function receptionFindings({
  manifest,
  probes,
  index,
  receivers,
  senderTaps,
  timeline,
  liveness,
  profile,
}: ReceptionInput): Reception {
  const { topology, plane } = manifest;
  // The tested configuration is not the intended one: whether the bond takes a frame is unknown.
  if (manifest.audit.some(({ ok }) => !ok)) return { findings: [], lost: new Set(), heard: new Set() };
  const legs = heardLegs(manifest);
  const heardLeaves = new Set(topology.legs.filter(({ name }) => legs.includes(name)).map(({ leaf }) => leaf));
  const leaves = new Set(topology.leaves.map(({ name }) => name));
  const until = quietUntil(timeline, liveness, manifest.lateBandNs);
  const heardAt = new Map(
    senderTaps.flatMap(({ contents: { tap }, heard }) => (tap.direction === 'in' ? [[tap.node, heard] as const] : [])),
  );
  /** Whether frames of a node to this receiver's MAC, or to all, must be received there. */
  const second = new Set(secondSendersOf(topology).map(({ node }) => node));
  const isWanted = (sender: string, receiver: string, isAddressed: boolean): boolean =>
    leaves.has(sender)
      ? isAddressed && heardLeaves.has(sender)
      : // They come from every leaf: also from the one that the host hears.
        second.has(sender) ||
        (profile.deliversOnHost === true && hearOnHost(plane, topology.host.node, [sender, receiver]));
  const due = probes.flatMap((probe, at): Due[] => {
    const { family, expected } = kindEntry(probe.kind);
    const isJudged =
      JUDGED.includes(family) &&
      expected !== 'informational' &&
      probe.outside !== true &&
      probe.namedBy === 'token' &&
      probe.wireTags.length <= 1 &&
      (index.sent[at] ?? Infinity) < until;
    const addressed = receivers.addressed(probe);
    const isAddressed = addressed !== null;
    if (!isJudged) return [];
    const group = floods(plane, probe.frame.slice(0, 12)) ? receivers.flooded(probe) : [];
    return (isAddressed ? [addressed] : group).flatMap((receiver) => {
      const heard = heardAt.get(receiver);
      return heard === undefined || !isWanted(probe.sender, receiver, isAddressed)
        ? []
        : [{ at, probe, receiver, isAddressed, isLost: !heard.has(at) }];
    });
  });
  const groups = [
    ...groupBy(
      due,
      ({ probe, receiver, isAddressed }) => `${probe.sender} ${receiver} ${probe.kind} ${isAddressed}`,
    ).values(),
  ];
  const those = (lost: boolean): ReadonlySet<number> =>
    new Set(due.filter(({ isLost }) => isLost === lost).map(({ at }) => at));
  return {
    findings: groups.flatMap((group) => lossOf(group, new Set([...leaves, ...second]))),
    lost: those(true),
    heard: those(false),
  };
}

/** What is wrong with the frames of one kind from one sender to one receiver. */
function lossOf(group: readonly Due[], outside: ReadonlySet<string>): Finding[] {
  const [first] = group;
  const lost = group.filter(({ isLost }) => isLost);
  if (first === undefined || lost.length === 0) return [];
  const {
    probe: { kind, sender },
    receiver,
    isAddressed,
  } = first;
  const { family } = kindEntry(kind);
  const isFromLeaf = outside.has(sender);
  return [
    {
      property: family === 'arp' || family === 'nd' ? 'P1' : 'P4',
      signature: isFromLeaf ? 'missing-inbound' : 'missing-on-host',
      verdict: 'fail',
      kind,
      sender,
      count: lost.length,
      of: group.length,
      probes: lost.map(({ probe }) => probe.id).sort((a, b) => a - b),
      sentence: `${receiver} never received ${lost.length} of ${group.length} ${plural(kind)} that ${sender} sent to ${isAddressed ? 'its MAC' : 'all'}${isFromLeaf ? '' : ' on the same host'}.`,
    },
  ];
}

/**
 * Legs on which the host takes unicast frames. Nothing is claimed for a plane that takes frames on its active leg only,
 * if that leg is not known.
 */
function heardLegs({ topology, plane, activeLeg }: EvidenceManifest): readonly string[] {
  if (plane.hears.unicast === 'all') return topology.legs.map(({ name }) => name);
  return activeLeg === undefined ? [] : [activeLeg];
}

const WELL: readonly string[] = ['enabled', 'current', 'up'];

/**
 * When the lab, or a machine by itself, first changed a leg or a daemon; frames that were on their way then may be
 * lost.
 */
function quietUntil(
  timeline: readonly TimelineEvent[],
  { base, beforeNs }: ReceptionInput['liveness'],
  lateBandNs: number,
): number {
  const isQuiet = (event: TimelineEvent): boolean =>
    event.type === 'mark' || (event.type === 'observed' && (event.what === 'partner' || WELL.includes(event.state)));
  return Math.min(
    ...timeline
      .filter((event) => !isQuiet(event))
      .map(({ fromNs }) => base.fromText(fromNs) - Math.max(beforeNs, lateBandNs)),
  );
}
