import { ascii } from './bytes.js';
import { BROADCAST_MAC, multicastMac, parseIpv4, parseIpv6, parseMac } from './address.js';
import { internetChecksum } from './checksum.js';
import { WireError } from './error.js';
import { ETHERTYPE, type Addressed } from './ethernet.js';
import { ipv4Packet, ipv6Packet, PROTOCOL, put16, withUpperChecksum } from './ip.js';
import type { BuildContext } from './params.js';
import { TOKEN_BYTES, writeToken } from './token.js';

export type DataKind = 'data-tcp' | 'data-udp' | 'data-echo' | 'data-echo6' | 'data-dhcp' | 'data-mdns' | 'data-other';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
/**
 * The shortest payload with which no data frame needs Ethernet padding and the token is the end of both packet and
 * frame.
 */
const LEAST_PAYLOAD = 26;

/**
 * Single-sent traffic. The token is the end of the payload, inside lengths and checksums. `variation` selects the flow,
 * and where a kind has two forms also the form: UDP and mDNS over IPv4 (even) or IPv6 (odd), an echo's request or its
 * reply.
 */
export function buildData(kind: DataKind, context: BuildContext): Addressed {
  const isOdd = context.variation % 2 === 1;
  switch (kind) {
    case 'data-tcp':
      return overIpv4(
        context,
        PROTOCOL.tcp,
        tcpSegment(flowPorts(context.variation), payload(context, IPV4_HEADER + TCP_HEADER)),
        16,
      );
    case 'data-udp': {
      const over = isOdd ? overIpv6 : overIpv4;
      return over(
        context,
        PROTOCOL.udp,
        udpDatagram(flowPorts(context.variation), payload(context, (isOdd ? IPV6_HEADER : IPV4_HEADER) + UDP_HEADER)),
        6,
      );
    }
    case 'data-echo':
      return overIpv4(context, PROTOCOL.icmp, echo(isOdd ? 0 : 8, context, IPV4_HEADER), 2);
    case 'data-echo6':
      return overIpv6(context, PROTOCOL.icmpv6, echo(isOdd ? 129 : 128, context, IPV6_HEADER), 2);
    case 'data-dhcp':
      return dhcpDiscover(context);
    case 'data-mdns':
      return mdnsQuery(context);
    case 'data-other':
      return {
        destination: context.gatewayMac,
        source: context.sourceMac,
        etherType: ETHERTYPE.experimental,
        packet: payload(context, 0, [], 46),
      };
  }
}

/** Ports of the flow with this number; 2^26 flows, none with 135 or 136 as the first byte of its source port. */
export function flowPorts(variation: number): readonly [source: number, destination: number] {
  const high = (variation >>> 13) & 0x1fff;
  return [0xc000 + (variation & 0x1fff), high === 0 ? 9 : 0xe000 + high];
}

/**
 * `head`, filler, token; with enough filler to make the packet `payloadBytes` long, including `headers` bytes of
 * headers.
 */
export function payload(
  context: BuildContext,
  headers: number,
  head: ArrayLike<number> = [],
  least = LEAST_PAYLOAD,
): Uint8Array {
  const bytes = new Uint8Array(Math.max(least, head.length + TOKEN_BYTES, context.payloadBytes - headers));
  bytes.fill(0x5a);
  bytes.set(head, 0);
  writeToken(bytes, context.salt, context.id);
  return bytes;
}

/** A datagram without checksum. */
export function udpDatagram([source, destination]: readonly [number, number], data: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(UDP_HEADER + data.length);
  put16(datagram, 0, source);
  put16(datagram, 2, destination);
  put16(datagram, 4, datagram.length);
  datagram.set(data, UDP_HEADER);
  return datagram;
}

/** A data segment in the middle of a connection, without checksum. */
export function tcpSegment([source, destination]: readonly [number, number], data: Uint8Array): Uint8Array {
  const segment = new Uint8Array(TCP_HEADER + data.length);
  put16(segment, 0, source);
  put16(segment, 2, destination);
  segment.set([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xfa, 0xf0], 4);
  segment.set(data, TCP_HEADER);
  return segment;
}

/**
 * To the remote address through the gateway's MAC; fills the checksum at `checksumAt` of `upper`, which must be 0 there
 * (ICMPv4 has no pseudo header).
 */
export function overIpv4(context: BuildContext, protocol: number, upper: Uint8Array, checksumAt: number): Addressed {
  const { sourceIpv4: source, remoteIpv4: destination } = context;
  if (protocol === PROTOCOL.icmp) put16(upper, checksumAt, internetChecksum(upper));
  else withUpperChecksum(upper, checksumAt, source, destination, protocol);
  const identification = context.variation & 0xffff;
  return {
    destination: context.gatewayMac,
    source: context.sourceMac,
    etherType: ETHERTYPE.ipv4,
    packet: ipv4Packet({ source, destination, protocol, identification, payload: upper }),
  };
}

export function overIpv6(context: BuildContext, nextHeader: number, upper: Uint8Array, checksumAt: number): Addressed {
  const { sourceIpv6: source, remoteIpv6: destination } = context;
  withUpperChecksum(upper, checksumAt, source, destination, nextHeader);
  return {
    destination: context.gatewayMac,
    source: context.sourceMac,
    etherType: ETHERTYPE.ipv6,
    packet: ipv6Packet({ source, destination, nextHeader, payload: upper }),
  };
}

function echo(type: number, context: BuildContext, headers: number): Uint8Array {
  const { variation } = context;
  const identifier = 0x4c00 ^ (variation & 0xffff);
  const sequence = (variation >>> 16) + 1;
  return Uint8Array.of(
    type,
    0,
    0,
    0,
    identifier >> 8,
    identifier & 0xff,
    (sequence >> 8) & 0xff,
    sequence & 0xff,
    ...payload(context, headers + 8),
  );
}

/** DHCPDISCOVER (RFC 2131 4.4.1); the token is in the pad after the End option. */
function dhcpDiscover(context: BuildContext): Addressed {
  const { sourceMac, variation } = context;
  const head = new Uint8Array(288);
  head.set([
    1,
    1,
    6,
    0,
    variation >>> 24,
    (variation >>> 16) & 0xff,
    (variation >>> 8) & 0xff,
    variation & 0xff,
    0,
    0,
    0x80,
    0,
  ]);
  head.set(sourceMac, 28);
  head.set([0x63, 0x82, 0x53, 0x63, 53, 1, 1, 61, 7, 1, ...sourceMac, 55, 3, 1, 3, 6, 255], 236);
  const body = payload(context, IPV4_HEADER + UDP_HEADER, head);
  body.fill(0, head.length, body.length - TOKEN_BYTES);
  const source = new Uint8Array(4);
  const destination = parseIpv4('255.255.255.255');
  const datagram = withUpperChecksum(udpDatagram([68, 67], body), 6, source, destination, PROTOCOL.udp);
  return {
    destination: parseMac(BROADCAST_MAC),
    source: sourceMac,
    etherType: ETHERTYPE.ipv4,
    packet: ipv4Packet({ source, destination, protocol: PROTOCOL.udp, payload: datagram }),
  };
}

/** A question for `v<variation>.local` (RFC 6762 5); the token is the end of an additional TXT record. */
function mdnsQuery(context: BuildContext): Addressed {
  const text = (label: string) => [label.length, ...ascii(label)];
  const question = [
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    1,
    ...text(`v${context.variation}`),
    ...text('local'),
    0,
    0,
    1,
    0,
    1,
  ];
  const isIpv6 = context.variation % 2 === 1;
  const fixed = (isIpv6 ? IPV6_HEADER : IPV4_HEADER) + UDP_HEADER + question.length + 12 + 1 + TOKEN_BYTES;
  const filler: number[] = [];
  for (let left = context.payloadBytes - fixed; left > 0;) {
    const length = Math.min(255, left - 1);
    filler.push(length, ...new Array<number>(length).fill(0x5a));
    left -= length + 1;
  }
  const dataLength = filler.length + 1 + TOKEN_BYTES;
  if (dataLength > 0xffff) throw new WireError('mDNS record is too long');
  const record = [
    0xc0,
    12,
    0,
    16,
    0,
    1,
    0,
    0,
    0,
    120,
    dataLength >> 8,
    dataLength & 0xff,
    ...filler,
    TOKEN_BYTES,
    ...new Array<number>(TOKEN_BYTES).fill(0),
  ];
  const message = Uint8Array.from([...question, ...record]);
  writeToken(message, context.salt, context.id);
  const destination = isIpv6 ? parseIpv6('ff02::fb') : parseIpv4('224.0.0.251');
  const source = isIpv6 ? context.sourceIpv6 : context.sourceIpv4;
  const datagram = withUpperChecksum(udpDatagram([5353, 5353], message), 6, source, destination, PROTOCOL.udp);
  return {
    destination: isIpv6 ? multicastMac(destination) : Uint8Array.of(0x01, 0x00, 0x5e, 0, 0, 251),
    source: context.sourceMac,
    etherType: isIpv6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4,
    packet: isIpv6
      ? ipv6Packet({ source, destination, nextHeader: PROTOCOL.udp, hopLimit: 255, payload: datagram })
      : ipv4Packet({ source, destination, protocol: PROTOCOL.udp, ttl: 255, payload: datagram }),
  };
}
