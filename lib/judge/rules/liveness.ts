import type { TimelineEvent } from '../../evidence/types.js';
import type { Profile } from '../../profile/types.js';
import type { TimeBase } from '../read/clock.js';
import { BAND, DEAD, FREE, LIVE } from '../read/sightingBits.js';

export type LegState = typeof LIVE | typeof DEAD | typeof BAND | typeof FREE;

export interface Liveness {
  /** Don't-care time before an edge, ns: the frame may still have been on its way. */
  readonly beforeNs: number;
  /**
   * Don't-care time after an edge, ns. Measured by the lab alone: a slow system under test must not widen it.
   */
  readonly afterNs: number;
  readonly base: TimeBase;
  readonly profile: Pick<Profile, 'sendsToLacpDeadLeg'>;
  /** Node of the host: its switch carries everything. */
  readonly host: string;
  /** `PlaneTraits.movesFlows`: the edges of each leg are edges of all. */
  readonly movesFlows: boolean;
}

/**
 * What was possible on a leg when a frame was sent at `ns`. An event brackets its edge (begun, known to have happened);
 * for `beforeNs` before and `afterNs` after that nothing is claimed; then its state holds until the next event. Before
 * its first event a leg is up.
 *
 * - no carrier: nothing is due.
 * - frames to the leaf are lost, or the host's switch or its replicator is not there: the lab itself loses the copy, so
 * none is due; one may come.
 * - the bond has left the leg although it has carrier (LACP, P10): the profile says whether copies go on.
 * - another leg goes or comes, and its frames move to this one or from it: nothing is claimed until that is over.
 */
export function legStateAt(
  events: readonly TimelineEvent[],
  leg: string,
  ns: number,
  { beforeNs, afterNs, base, profile, host, movesFlows }: Liveness,
): LegState {
  let [wire, member] = [true, true];
  const away = new Set<string>();
  const own = events.filter((event) => concerns(event, leg, host, profile));
  const isBand = (event: TimelineEvent): boolean =>
    ns >= base.fromText(event.fromNs) - beforeNs && ns <= base.fromText(event.toNs) + afterNs;
  // Without carrier nothing else in motion matters: on a busy machine, events of the bond's members come late.
  const cuts = own.filter((event) => event.type === 'leg');
  if (cuts.some(isBand)) return BAND;
  if (cuts.findLast((event) => base.fromText(event.fromNs) <= ns)?.state === 'down') return DEAD;
  if (own.some(isBand)) return BAND;
  if (movesFlows && events.some((event) => movesBetweenLegs(event, host) && isBand(event))) return BAND;
  // Events of a timeline are in the order in which they began.
  for (const event of own) {
    if (base.fromText(event.fromNs) > ns) continue;
    if (event.type === 'wire') wire = event.state === 'whole';
    else if (event.type === 'observed') member = event.state === 'enabled';
    else if (event.type !== 'daemon') continue;
    else if (event.state === 'up') away.delete(event.what);
    else away.add(event.what);
  }
  if (!wire || away.size > 0) return FREE;
  if (member) return LIVE;
  return profile.sendsToLacpDeadLeg === false ? DEAD : FREE;
}

function movesBetweenLegs(event: TimelineEvent, host: string): boolean {
  return event.type === 'leg' || (event.type === 'observed' && event.what === 'member' && event.node === host);
}

/** Whether an event changes what is possible on this leg. */
export function concerns(event: TimelineEvent, leg: string, host: string, profile: Liveness['profile']): boolean {
  switch (event.type) {
    case 'leg':
      return event.leg === leg;
    case 'wire':
      return event.leg === leg && event.direction === 'to-leaf';
    case 'daemon':
      // What a controller has installed goes on without it.
      return event.node === host && event.what !== 'controller';
    case 'observed':
      // A profile that promises copies on LACP-dead legs is held to it, so the member's state is ignored.
      return event.what === 'member' && event.leg === leg && event.node === host && profile.sendsToLacpDeadLeg !== true;
    case 'partner':
    case 'mark':
      return false;
  }
}

/** A timeline in the order in which its edges began; equal ones keep their order. */
export function inOrder(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
  return [...events].sort((a, b) =>
    BigInt(a.fromNs) < BigInt(b.fromNs) ? -1 : BigInt(a.fromNs) > BigInt(b.fromNs) ? 1 : 0,
  );
}
