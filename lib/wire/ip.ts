import { internetChecksum, ipv4UpperChecksum, ipv6UpperChecksum } from './checksum.js';

export const PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  tcp: 6,
  udp: 17,
  fragment: 44,
  icmpv6: 58,
  noNext: 59,
  destinationOptions: 60,
} as const;

export interface Ipv4Fields {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly ttl?: number;
  readonly identification?: number;
  readonly payload: Uint8Array;
}

/** A packet without options, with "don't fragment", RFC 791. */
export function ipv4Packet(fields: Ipv4Fields): Uint8Array {
  const packet = new Uint8Array(20 + fields.payload.length);
  const identification = fields.identification ?? 0;
  packet.set([
    0x45,
    0,
    packet.length >> 8,
    packet.length & 0xff,
    (identification >> 8) & 0xff,
    identification & 0xff,
    0x40,
    0,
    fields.ttl ?? 64,
    fields.protocol,
  ]);
  packet.set(fields.source, 12);
  packet.set(fields.destination, 16);
  put16(packet, 10, internetChecksum(packet, 0, 20));
  packet.set(fields.payload, 20);
  return packet;
}

export interface Ipv6Fields {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly nextHeader: number;
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly payload: Uint8Array;
}

/** RFC 8200 3. `payload` starts with the first extension header, if there is one. */
export function ipv6Packet(fields: Ipv6Fields): Uint8Array {
  const packet = new Uint8Array(40 + fields.payload.length);
  const { trafficClass = 0, flowLabel = 0 } = fields;
  packet.set([
    0x60 | (trafficClass >> 4),
    ((trafficClass & 0xf) << 4) | (flowLabel >> 16),
    (flowLabel >> 8) & 0xff,
    flowLabel & 0xff,
    fields.payload.length >> 8,
    fields.payload.length & 0xff,
    fields.nextHeader,
    fields.hopLimit ?? 64,
  ]);
  packet.set(fields.source, 8);
  packet.set(fields.destination, 24);
  packet.set(fields.payload, 40);
  return packet;
}

/**
 * Fills the checksum at `at` of an upper-layer packet; 4-byte addresses mean IPv4. UDP's 0 becomes 0xffff (RFC 768).
 * Returns `upper`.
 */
export function withUpperChecksum(
  upper: Uint8Array,
  at: number,
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
): Uint8Array {
  put16(upper, at, 0);
  const sum = (source.length === 4 ? ipv4UpperChecksum : ipv6UpperChecksum)(source, destination, protocol, upper);
  put16(upper, at, sum === 0 && protocol === PROTOCOL.udp ? 0xffff : sum);
  return upper;
}

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}
