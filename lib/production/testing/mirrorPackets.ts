import { ipv4Packet, ipv6Packet, withUpperChecksum } from '../../wire/ip.js';
import { ethernetFrame } from '../../wire/ethernet.js';

/** One packet of a mirror session. */
export interface MirrorPacket {
  readonly frame: Uint8Array;
  readonly session: number;
  readonly sequence: number;
  /** Last byte of the exporter's addresses. */
  readonly exporter: number;
  readonly isTruncated?: boolean;
  readonly isEgress?: boolean;
}

export const MIRRORS = ['ERSPAN I', 'ERSPAN II', 'ERSPAN III', 'GRE', 'VXLAN', 'VXLAN-GPE', 'Geneve', 'TZSP'] as const;
export type Mirror = (typeof MIRRORS)[number];

const GRE_PROTOCOL = 47;
const UDP_PROTOCOL = 17;

/** What the collector's port sees of a mirrored frame. */
export function mirrorPacket(mirror: Mirror, packet: MirrorPacket, version: 4 | 6 = 4): Uint8Array {
  const port = PORTS[mirror];
  const inside = bytesOf(mirror, packet);
  if (port === undefined) return outer(version, GRE_PROTOCOL, inside, packet.exporter);
  return outer(version, UDP_PROTOCOL, udp(port, inside, version, packet.exporter), packet.exporter);
}

const PORTS: Readonly<Partial<Record<Mirror, number>>> = {
  VXLAN: 4789,
  'VXLAN-GPE': 4790,
  Geneve: 6081,
  TZSP: 37008,
};

function bytesOf(
  mirror: Mirror,
  { frame, session, sequence, isTruncated = false, isEgress = false }: MirrorPacket,
): Uint8Array {
  const number = [sequence >>> 24, sequence >>> 16, sequence >>> 8, sequence].map((byte) => byte & 0xff);
  const vni = [(session >> 16) & 0xff, (session >> 8) & 0xff, session & 0xff, 0];
  const word = (isTruncated ? 0x0400 : 0) | session;
  switch (mirror) {
    case 'ERSPAN I':
      return Uint8Array.of(0, 0, 0x88, 0xbe, ...frame);
    case 'ERSPAN II':
      return Uint8Array.of(
        0x10,
        0,
        0x88,
        0xbe,
        ...number,
        0x10,
        20,
        word >> 8,
        word & 0xff,
        0,
        0,
        ...number.slice(2),
        ...frame,
      );
    case 'ERSPAN III':
      // With the platform's own eight bytes behind the header.
      return Uint8Array.of(
        ...[0x10, 0, 0x22, 0xeb, ...number, 0x20, 20, word >> 8, word & 0xff, ...number, 0, 0],
        ...[0, isEgress ? 0x09 : 0x01, 1, 2, 3, 4, 5, 6, 7, 8, ...frame],
      );
    case 'GRE':
      return Uint8Array.of(0x20, 0, 0x65, 0x58, 0, ...vni.slice(0, 3), ...frame);
    case 'VXLAN':
      return Uint8Array.of(8, 0, 0, 0, ...vni, ...frame);
    case 'VXLAN-GPE':
      return Uint8Array.of(0x0c, 0, 0, 3, ...vni, ...frame);
    case 'Geneve':
      // One option of four bytes.
      return Uint8Array.of(2, 0, 0x65, 0x58, ...vni, 1, 2, 3, 1, 9, 9, 9, 9, ...frame);
    case 'TZSP':
      // Padding, the original length, and the end.
      return Uint8Array.of(1, 0, 0, 1, 0, 41, 2, frame.length >> 8, frame.length & 0xff, 1, ...frame);
  }
}

const COLLECTOR_MAC = Uint8Array.of(2, 0, 0, 0, 0xcc, 1);

function address(version: 4 | 6, last: number): Uint8Array {
  return version === 4
    ? Uint8Array.of(203, 0, 113, last)
    : Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0xcc, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);
}

const COLLECTOR = 9;

function udp(port: number, inside: Uint8Array, version: 4 | 6, exporter: number): Uint8Array {
  const length = 8 + inside.length;
  const upper = Uint8Array.of(0x9c, exporter, port >> 8, port & 0xff, length >> 8, length & 0xff, 0, 0, ...inside);
  return version === 4 ? upper : withUpperChecksum(upper, 6, address(6, exporter), address(6, COLLECTOR), UDP_PROTOCOL);
}

/**
 * An IP packet from an exporter to the collector; over IPv6 with Linux's tunnel encapsulation limit (RFC 2473) in front
 * of GRE.
 */
export function outer(version: 4 | 6, protocol: number, payload: Uint8Array, exporter: number): Uint8Array {
  const [source, destination] = [address(version, exporter), address(version, COLLECTOR)];
  const limit = protocol === GRE_PROTOCOL ? [protocol, 0, 4, 1, 4, 1, 0, 0] : [];
  const packet =
    version === 4
      ? ipv4Packet({ source, destination, protocol, payload })
      : ipv6Packet({
          source,
          destination,
          nextHeader: limit.length > 0 ? 60 : protocol,
          payload: Uint8Array.of(...limit, ...payload),
        });
  return ethernetFrame({
    destination: COLLECTOR_MAC,
    source: Uint8Array.of(2, 0, 0, 0, 0xaa, exporter),
    etherType: version === 4 ? 0x0800 : 0x86dd,
    packet,
  });
}
