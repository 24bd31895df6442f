import { formatIpv4, formatIpv6, linkLocalFromMac, parseIpv4, parseIpv6, parseMac } from '../wire/address.js';
import type { KindId } from '../wire/kinds.js';
import { craftKinds, type CraftedProbe, type CraftOptions, type FrameForm } from './crafted.js';
import type { FlowPath } from './flowPath.js';

/**
 * A way in which neighbor frames of real hosts differ within a kind; it must not matter to a replicator.
 */
export interface Shape {
  /** Shown in the report. */
  readonly name: string;
  readonly kinds: readonly KindId[];
  /** Null where a flow path cannot send such frames. */
  readonly bend: (flowPath: FlowPath) => FlowPath | null;
  readonly form?: (flowPath: FlowPath) => FrameForm;
}

/** Every kind with an IPv6 source. */
const WITH_IPV6_SOURCE: readonly KindId[] = ['ns-multicast', 'ns-unicast', 'na-solicited', 'na-unsolicited'];
const UNICAST: readonly KindId[] = ['arp-request-unicast', 'arp-reply-unicast', 'ns-unicast', 'na-solicited'];
const ONE_OF_EACH_SORT: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'garp-reply',
  'ns-multicast',
  'ns-dad',
  'na-solicited',
  'na-unsolicited',
];

/** The ones that carry a MAC. */
const CLAIMING: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'garp-reply',
  'ns-multicast',
  'na-solicited',
  'na-unsolicited',
];
const ADVERTISING: readonly KindId[] = ['na-solicited', 'na-unsolicited'];

/** Neither leaf nor sender: another machine of the network, behind any leaf. */
const NEIGHBOR_MAC = '02:00:00:5e:ee:01';

/** Differs from that of plain tagged probes, and is not 0. */
const OTHER_PRIORITY = 6;

/** CS6 (RFC 4594 3.2) in the upper six bits of the traffic class. */
const NETWORK_CONTROL = 0xc0;

/** Bytes after the EtherType. */
const MTU = 1500;

export const SHAPES: readonly Shape[] = [
  { name: 'as long as the MTU', kinds: ONE_OF_EACH_SORT, bend: asItIs, form: () => ({ payloadBytes: MTU }) },
  // RFC 4861 4.3, 4.4: any address of the interface; most stacks solicit from the link-local one.
  {
    name: 'from the link-local address',
    kinds: WITH_IPV6_SOURCE,
    bend: (flowPath) => ({ ...flowPath, ipv6: formatIpv6(linkLocalFromMac(parseMac(flowPath.sender.mac))) }),
  },
  {
    name: 'to a neighbor that is no gateway',
    kinds: UNICAST,
    bend: (flowPath) => ({ ...flowPath, gatewayMac: NEIGHBOR_MAC }),
  },
  // VRRP and CARP (RFC 9568 7.3), macvlan, nested guests: there can be more MACs behind a port than the NIC's own.
  {
    name: 'from a second MAC behind the port',
    kinds: ONE_OF_EACH_SORT,
    bend: (flowPath) => ({ ...flowPath, sender: { ...flowPath.sender, mac: virtualMac(flowPath) } }),
  },
  // A NIC that is passed through to a VM has its vendor's MAC, not one from a VM manager.
  {
    name: 'from a MAC of a maker',
    kinds: ONE_OF_EACH_SORT,
    bend: (flowPath) => ({ ...flowPath, sender: { ...flowPath.sender, mac: universalMac(flowPath) } }),
  },
  // Clusters move an address to the surviving machine, which announces it with its own MAC.
  {
    name: 'of a second address behind the port',
    kinds: ONE_OF_EACH_SORT,
    bend: (flowPath) => ({ ...flowPath, ipv4: secondIpv4(flowPath.ipv4), ipv6: secondIpv6(flowPath.ipv6) }),
  },
  // An answer on behalf of another host: proxy ARP and ND, and a virtual router that sends from its own NIC.
  {
    name: 'that speak of another MAC than their source',
    kinds: CLAIMING,
    bend: asItIs,
    form: (flowPath) => ({ claimedMac: virtualMac(flowPath) }),
  },
  // RFC 4861 4.4: a router says that it is one; 7.2.7, 7.2.8: anycast and proxies do not override.
  { name: 'that advertise a router', kinds: ADVERTISING, bend: asItIs, form: () => ({ isRouter: true }) },
  { name: 'that advertise without override', kinds: ADVERTISING, bend: asItIs, form: () => ({ overrides: false }) },
  // OVS looks behind extension headers for advertisements as it does for solicitations; under a profile that does not
  // require copies, a replicator owes one in total.
  {
    name: 'that advertise behind an extension header',
    kinds: ['ns-ext-header'],
    bend: asItIs,
    form: () => ({ extendsAdvertisement: true }),
  },
  // Routers send it as network control, and Linux as it is told (net.ipv6.conf.*.ndisc_tclass); RFC 6437 lets each label
  // its flows.
  {
    name: 'with a traffic class and a flow label',
    kinds: ONE_OF_EACH_SORT.filter((kind) => kind.startsWith('n')),
    bend: asItIs,
    form: () => ({ trafficClass: NETWORK_CONTROL, flowLabel: 0xbeef5 }),
  },
  {
    name: 'without the MAC that their receiver knows',
    kinds: ['ns-unicast', 'na-solicited'],
    bend: asItIs,
    form: () => ({ leavesMacOut: true }),
  },
  { name: 'with another priority', kinds: ONE_OF_EACH_SORT, bend: withPriority },
];

/** Derived from the sender, of which there are 65 at most; people rarely use router IDs in this range. */
const lastByte = ({ number }: FlowPath) => (0x80 + number).toString(16);

/** Like a virtual router's MAC, 00:00:5e:00:01:XX, but locally administered. */
function virtualMac(flowPath: FlowPath): string {
  return `02:00:5e:00:01:${lastByte(flowPath)}`;
}

/** Universally administered, of the range for documentation (RFC 7042 2.1.2). */
function universalMac(flowPath: FlowPath): string {
  return `00:00:5e:00:53:${lastByte(flowPath)}`;
}

/** In the same network, and unused; it is below 128, unlike the addresses that vary. */
function secondIpv4(address: string): string {
  const bytes = parseIpv4(address);
  bytes[3] = 64 + ((bytes[3] ?? 0) % 32);
  return formatIpv4(bytes);
}

/** In the same network; no variation sets the bits that are marked here. */
function secondIpv6(address: string): string {
  const bytes = parseIpv6(address);
  bytes[8] = 0x71;
  return formatIpv6(bytes);
}

function asItIs(flowPath: FlowPath): FlowPath {
  return flowPath;
}

function withPriority(flowPath: FlowPath): FlowPath | null {
  if (flowPath.sentTags.length === 0) return null;
  const tags = flowPath.sentTags.map((tag) => ({ ...tag, pcp: OTHER_PRIORITY }));
  return { ...flowPath, sentTags: tags, wireTags: tags };
}

/** One probe of each kind in each shape that the flow path can send. */
export function craftShapes(flowPath: FlowPath, options: CraftOptions): readonly CraftedProbe[] {
  return SHAPES.flatMap(({ name, kinds, bend, form }) => {
    const bent = bend(flowPath);
    return bent === null
      ? []
      : craftKinds(bent, kinds, 1, {
          ...options,
          group: name,
          ...(form === undefined ? {} : { form: form(flowPath) }),
        });
  });
}
