import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';
import type { KindId } from '../wire/kinds.js';
import { craftKinds, type CraftedProbe, type CraftOptions } from './crafted.js';
import type { Lane } from './lane.js';

/** A way in which neighbor frames of real hosts differ while their kind stays the same; a replicator may not look at it. */
export interface Shape {
  /** Shown in the report. */
  readonly name: string;
  readonly kinds: readonly KindId[];
  /** Null where a lane cannot send such frames. */
  readonly bend: (lane: Lane) => Lane | null;
  readonly payloadBytes?: number;
}

/** Every kind that has an IPv6 source of its own. */
const WITH_IPV6_SOURCE: readonly KindId[] = ['ns-multicast', 'ns-unicast', 'na-solicited', 'na-unsolicited'];
const UNICAST: readonly KindId[] = ['arp-request-unicast', 'arp-reply-unicast', 'ns-unicast', 'na-solicited'];
const ONE_OF_EACH_SORT: readonly KindId[] = ['arp-request-broadcast', 'arp-reply-unicast', 'garp-reply', 'ns-multicast', 'ns-dad', 'na-solicited', 'na-unsolicited'];

/** Neither leaf nor sender: another machine of the network, behind any leaf. */
const NEIGHBOR_MAC = '02:00:00:5e:ee:01';

/** Unlike that of plain tagged probes, and unlike none. */
const OTHER_PRIORITY = 6;

/** Bytes behind the EtherType. */
const MTU = 1500;

export const SHAPES: readonly Shape[] = [
  { name: 'as long as the MTU', kinds: ONE_OF_EACH_SORT, bend: (lane) => lane, payloadBytes: MTU },
  // RFC 4861 4.3, 4.4: any address of the interface; most stacks solicit from the link-local one.
  { name: 'from the link-local address', kinds: WITH_IPV6_SOURCE, bend: (lane) => ({ ...lane, ipv6: formatIpv6(linkLocalFromMac(parseMac(lane.sender.mac))) }) },
  { name: 'to a neighbor that is no gateway', kinds: UNICAST, bend: (lane) => ({ ...lane, gatewayMac: NEIGHBOR_MAC }) },
  // VRRP and CARP (RFC 9568 7.3), macvlan, nested guests: the NIC's own MAC is not the only one behind a port.
  { name: 'from a second MAC behind the port', kinds: ONE_OF_EACH_SORT, bend: (lane) => ({ ...lane, sender: { ...lane.sender, mac: virtualMac(lane.sender.mac) } }) },
  { name: 'with another priority', kinds: ONE_OF_EACH_SORT, bend: withPriority },
];

/** Like a virtual router's MAC, 00:00:5e:00:01:XX, but locally administered; the router id is the last byte of the sender's own MAC. */
function virtualMac(mac: string): string {
  return `02:00:5e:00:01:${mac.slice(-2)}`;
}

function withPriority(lane: Lane): Lane | null {
  if (lane.sentTags.length === 0) return null;
  const tags = lane.sentTags.map((tag) => ({ ...tag, pcp: OTHER_PRIORITY }));
  return { ...lane, sentTags: tags, wireTags: tags };
}

/** One probe of each kind in each shape that the lane can send. */
export function craftShapes(lane: Lane, options: CraftOptions): readonly CraftedProbe[] {
  return SHAPES.flatMap(({ name, kinds, bend, payloadBytes }) => {
    const bent = bend(lane);
    return bent === null ? [] : craftKinds(bent, kinds, 1, { ...options, group: name, ...(payloadBytes === undefined ? {} : { payloadBytes }) });
  });
}
