/** Legs on which a bond takes frames in: each that is up, or the active one alone. */
export type HearingLegs = 'all' | 'active';

/**
 * What the judge and the reports need to know of a data plane. It is kept in the evidence, so that the judge need not
 * know data planes by name.
 */
export interface PlaneTraits {
  /** Which data plane, for instance `ovs-bond`. */
  readonly kind: string;
  /** Its variant, for instance a bond mode; '' for a kind that has only one. */
  readonly variant: string;
  /** The host speaks LACP to the leaves. */
  readonly lacp: boolean;
  /**
   * How data is spread over the legs: by flow (addresses and ports), by source (MAC and VLAN), or not at all. Many
   * flows of one sender must use every leg where it is `flows` or `sources`.
   */
  readonly spreads: 'flows' | 'sources' | 'no';
  /** On which legs the host takes in frames that leaves send: unicast, and multicast or broadcast. */
  readonly hears: { readonly unicast: HearingLegs; readonly multicast: HearingLegs };
  /**
   * The host chooses one leg for a frame before the replicator copies it, so that a leg that goes or comes also changes
   * the way of frames that are due on the others: until that has settled, they may be lost on every leg. Absent: the
   * replicator hands each leg its own copy, and what becomes of one leg does not concern the others.
   */
  readonly movesFlows?: boolean;
  /**
   * Whether the host's switch learns behind which leg a MAC is. Absent: it does. Where it does not, no frame can move a
   * MAC there.
   */
  readonly learnsLegs?: boolean;
  /**
   * Whether the host's bond, or what stands for one, notices when a leg loses its carrier. Absent: it does. Where it does
   * not, it goes on sending on that leg, and nothing can be said of what a replicator makes of that.
   */
  readonly noticesCarrier?: boolean;
  /**
   * Every frame, data too, leaves on each leg without a replicator. Absent: on one. Where it does, no neighbor frame is
   * missing without a replicator: data is doubled.
   */
  readonly sendsOnEveryLeg?: boolean;
  /**
   * What leaves on a leg waits in a queue of limited rate, which data can fill. Absent: it leaves at once.
   */
  readonly queues?: boolean;
  /**
   * What tenants behind the host say leaves inside of packets of the host's own stack. Absent: it has none.
   */
  readonly tunnels?: boolean;
  /**
   * Which senders of this host hear each other inside of it. `vms`: VMs do, and the host's own stack and they do not.
   * `nobody`: what they say to each other goes to the leaves alone. `joined`: all do, inside of a NIC, which gives a group's
   * frames to those alone who have asked for that group. Absent: all do, as on a switch.
   */
  readonly onHost?: 'vms' | 'nobody' | 'joined';
  /**
   * The host gives each sender its own broadcasts and multicasts back, once for each leg on which it hears. Absent: never.
   */
  readonly returnsOwn?: boolean;
}

/** How often a sender may get its own frame to a group back. */
export function ownReturns({ returnsOwn, hears }: Pick<PlaneTraits, 'returnsOwn' | 'hears'>, legs: number): number {
  if (returnsOwn !== true) return 0;
  return hears.multicast === 'all' ? legs : 1;
}

/** The group bit in a MAC's first octet (IEEE 802 8.2). */
const GROUP_BIT = 1;
const BROADCAST = 0xffffffffffff;

/**
 * Whether a frame to a group is given to every sender of its network.
 *
 * @param destination first 12 hex digits of the frame
 */
export function floods({ onHost }: Pick<PlaneTraits, 'onHost'>, destination: string): boolean {
  if ((Number.parseInt(destination.slice(0, 2), 16) & GROUP_BIT) === 0) return false;
  return onHost !== 'joined' || Number.parseInt(destination, 16) === BROADCAST;
}

/** Whether what one sender of a host says to another, or to all, is heard by the other without a leaf between them. */
export function hearOnHost(
  { onHost }: Pick<PlaneTraits, 'onHost'>,
  host: string,
  [one, other]: readonly [string, string],
): boolean {
  return onHost === undefined || onHost === 'joined' || (onHost === 'vms' && one !== host && other !== host);
}

/** Its name in reports and evidence: `ovs-bond/balance-tcp`. */
export function planeName({ kind, variant }: Pick<PlaneTraits, 'kind' | 'variant'>): string {
  return variant === '' ? kind : `${kind}/${variant}`;
}
