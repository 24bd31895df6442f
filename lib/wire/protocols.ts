import { BROADCAST_MAC, multicastMac, parseIpv4, parseIpv6, parseMac } from './address.js';
import { internetChecksum } from './checksum.js';
import { flowPorts, overIpv4, overIpv6, payload, tcpSegment, udpDatagram } from './data.js';
import type { Addressed } from './ethernet.js';
import { ipv4Packet, ipv6Packet, PROTOCOL, put16, withUpperChecksum } from './ip.js';
import type { KindId } from './kinds.js';
import type { BuildContext } from './params.js';

/**
 * What hosts and VMs say besides TCP, UDP and echoes, and what a rule for neighbor frames takes with it where it is too
 * broad: "all multicast", "all that is link-local", "what begins a flow". Each is single-sent like all data. Their fixed
 * parts are as the standard says; what follows is filler and the token.
 */
export interface Protocol {
  /** Shown in the report. */
  readonly name: string;
  readonly standard: string;
  /** What the catalogue takes it for. */
  readonly kind: KindId;
  readonly build: (context: BuildContext) => Addressed;
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** To a group of IPv4 (RFC 1112 6.4), or with `null` through the gateway. */
function ipv4(protocol: number, group: string | null, ttl: number, head: readonly number[], checksumAt: number | null) {
  return (context: BuildContext): Addressed => {
    const upper = payload(context, 20, head);
    if (checksumAt !== null) put16(upper, checksumAt, internetChecksum(upper));
    const destination = group === null ? context.remoteIpv4 : parseIpv4(group);
    const [, second = 0, third = 0, last = 0] = destination;
    return {
      destination: group === null ? context.gatewayMac : Uint8Array.of(0x01, 0x00, 0x5e, second & 0x7f, third, last),
      source: context.sourceMac,
      etherType: IPV4,
      packet: ipv4Packet({
        source: context.sourceIpv4,
        destination,
        protocol,
        ttl,
        identification: context.variation & 0xffff,
        payload: upper,
      }),
    };
  };
}

/** To a group of IPv6 (RFC 2464 7). */
function ipv6(
  nextHeader: number,
  group: string,
  head: (context: BuildContext) => readonly number[],
  checksumAt: number,
  hopLimit = 1,
) {
  return (context: BuildContext): Addressed => {
    const { sourceIpv6: source, sourceMac } = context;
    const destination = parseIpv6(group);
    const upper = payload(context, 40, head(context));
    if (nextHeader === PROTOCOL.udp) put16(upper, 4, upper.length);
    withUpperChecksum(upper, checksumAt, source, destination, nextHeader);
    return {
      destination: multicastMac(destination),
      source: sourceMac,
      etherType: IPV6,
      packet: ipv6Packet({ source, destination, nextHeader, hopLimit, payload: upper }),
    };
  };
}

/** ICMPv6 of another type than neighbors use, to a group; from this link alone, as those are (RFC 4861 3.1). */
const icmp6 = (group: string, head: readonly number[]) => ipv6(PROTOCOL.icmpv6, group, () => head, 2, 255);

/** The start of a TCP connection: SYN alone, or as the answer to one. */
function tcp(flags: number) {
  return (context: BuildContext): Addressed => {
    const segment = tcpSegment(flowPorts(context.variation), payload(context, 40));
    segment[13] = flags;
    return overIpv4(context, PROTOCOL.tcp, segment, 16);
  };
}

function framed(destination: string, etherType: number, head: readonly number[]) {
  return (context: BuildContext): Addressed => ({
    destination: parseMac(destination),
    source: context.sourceMac,
    etherType,
    packet: payload(context, 0, head, 46),
  });
}

/** 802.3 says the length where others say the type; with SNAP (RFC 1042) the type comes behind. */
function snap(context: BuildContext): Addressed {
  const packet = payload(context, 0, [0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0xb6], 46);
  return { destination: context.gatewayMac, source: context.sourceMac, etherType: packet.length, packet };
}

/** IS-IS Hello, to AllL1ISs (ISO 10589, 802.2 without SNAP). */
function isis(context: BuildContext): Addressed {
  const packet = payload(context, 0, [0xfe, 0xfe, 3, 0x83, 27, 1, 0, 15, 1], 46);
  return { destination: parseMac('01:80:c2:00:00:14'), source: context.sourceMac, etherType: packet.length, packet };
}

/** SOLICIT; the length of the datagram is written when all of it is there. */
function solicit({ variation }: BuildContext): readonly number[] {
  return [...udpDatagram([546, 547], Uint8Array.of(1, variation >>> 16, variation >>> 8, variation))];
}

/** What a sleeping NIC looks for: six bytes of ones, then its MAC sixteen times. */
const WAKES = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...Array.from({ length: 16 }, () => [2, 0, 0, 0, 1, 0xfe]).flat()];

export const PROTOCOLS: readonly Protocol[] = [
  { name: 'IGMPv3 report', standard: 'RFC 3376 4.2', kind: 'data-other', build: ipv4(2, '224.0.0.22', 1, [0x22], 2) },
  {
    name: 'VRRP',
    standard: 'RFC 9568 5.2',
    kind: 'data-other',
    // Version 3, advertisement, virtual router 254 of priority 1, no address.
    build: ipv4(112, '224.0.0.18', 255, [0x31, 254, 1, 0, 0, 100], 6),
  },
  { name: 'OSPF', standard: 'RFC 2328 A.3.2', kind: 'data-other', build: ipv4(89, '224.0.0.5', 1, [2, 1, 0, 44], 12) },
  { name: 'PIM', standard: 'RFC 7761 4.9', kind: 'data-other', build: ipv4(103, '224.0.0.13', 1, [0x20], 2) },
  { name: 'GRE', standard: 'RFC 2784', kind: 'data-other', build: ipv4(47, null, 64, [0, 0, 0x88, 0xb6], null) },
  { name: 'ESP', standard: 'RFC 4303', kind: 'data-other', build: ipv4(50, null, 64, [0, 0, 1, 0], null) },
  {
    name: 'OSPF over IPv6',
    standard: 'RFC 5340',
    kind: 'data-other',
    build: ipv6(89, 'ff02::5', () => [3, 1, 0, 36], 12),
  },
  { name: 'DHCPv6', standard: 'RFC 8415', kind: 'data-dhcp', build: ipv6(PROTOCOL.udp, 'ff02::1:2', solicit, 6) },
  { name: 'TCP SYN', standard: 'RFC 9293 3.5', kind: 'data-tcp', build: tcp(0x02) },
  { name: 'TCP SYN-ACK', standard: 'RFC 9293 3.5', kind: 'data-tcp', build: tcp(0x12) },
  { name: 'PTP', standard: 'IEEE 1588', kind: 'data-other', build: framed('01:1b:19:00:00:00', 0x88f7, [0x0b, 2]) },
  {
    name: 'ICMP Router Solicitation',
    standard: 'RFC 1256 3',
    kind: 'data-other',
    build: ipv4(1, '224.0.0.2', 1, [10, 0, 0, 0, 0, 0, 0, 0], 2),
  },
  {
    name: 'Packet Too Big',
    standard: 'RFC 4443 3.2',
    kind: 'data-other',
    // It has the beginning of the packet that was too big; here, of one to a far host.
    build: (context) =>
      overIpv6(
        context,
        PROTOCOL.icmpv6,
        payload(context, 40, [2, 0, 0, 0, 0, 0, 5, 0, 0x60, 0, 0, 0, 5, 0, 17, 64]),
        2,
      ),
  },
  // Of the same protocol as Neighbor Discovery, and close to it; none makes an entry that leaves need.
  {
    name: 'Inverse Neighbor Discovery Solicitation',
    standard: 'RFC 3122 2.1',
    kind: 'data-other',
    build: icmp6('ff02::1', [141, 0, 0, 0, 0, 0, 0, 0]),
  },
  {
    name: 'Certification Path Solicitation',
    standard: 'RFC 3971 6.4.1',
    kind: 'data-other',
    build: icmp6('ff02::2', [148, 0, 0, 0, 0, 1, 0xff, 0xff]),
  },
  {
    name: 'Duplicate Address Request',
    standard: 'RFC 6775 4.4',
    kind: 'data-other',
    build: icmp6('ff02::2', [157, 0, 0, 0, 0, 0, 0, 60]),
  },
  // Protocols with the numbers that Neighbor Discovery has as types.
  {
    name: 'Mobility Header',
    standard: 'RFC 6275 6.1',
    kind: 'data-other',
    build: (context) => overIpv6(context, 135, payload(context, 40, [59, 6, 0, 0, 0, 0]), 4),
  },
  {
    name: 'UDP-Lite',
    standard: 'RFC 3828 3.1',
    kind: 'data-other',
    build: (context) => overIpv6(context, 136, payload(context, 40, [0xc0, 0, 0, 9, 0, 0, 0, 0]), 6),
  },
  {
    name: 'Wake-on-LAN',
    standard: 'EtherType 0x0842',
    kind: 'data-other',
    build: framed(BROADCAST_MAC, 0x0842, WAKES),
  },
  {
    name: 'PPPoE Discovery',
    standard: 'RFC 2516 5.1',
    kind: 'data-other',
    build: framed(BROADCAST_MAC, 0x8863, [0x11, 9, 0, 0, 0, 0]),
  },
  {
    name: 'Connectivity Check',
    standard: 'IEEE 802.1Q 21.6',
    kind: 'data-other',
    build: framed('01:80:c2:00:00:35', 0x8902, [0xa0, 1, 4, 70]),
  },
  { name: 'an 802.3 frame with SNAP', standard: 'RFC 1042', kind: 'data-other', build: snap },
  { name: 'IS-IS', standard: 'ISO 10589', kind: 'data-other', build: isis },
];
