import { parseMac, BROADCAST_MAC } from './address.js';
import { ETHERTYPE, type Addressed } from './ethernet.js';
import type { BuildContext } from './params.js';
import { variedIpv4 } from './params.js';

/** Fields of ARP and RARP for IPv4 over Ethernet, RFC 826. */
export interface ArpFields {
  readonly operation: number;
  readonly senderMac: Uint8Array;
  readonly senderIpv4: Uint8Array;
  readonly targetMac: Uint8Array;
  readonly targetIpv4: Uint8Array;
}

export const ARP_BYTES = 28;

export function arpPacket(fields: ArpFields): Uint8Array {
  const packet = new Uint8Array(ARP_BYTES);
  packet.set([0, 1, 8, 0, 6, 4, fields.operation >> 8, fields.operation & 0xff]);
  packet.set(fields.senderMac, 8);
  packet.set(fields.senderIpv4, 14);
  packet.set(fields.targetMac, 18);
  packet.set(fields.targetIpv4, 24);
  return packet;
}

export type ArpKind =
  | 'arp-request-broadcast'
  | 'arp-request-unicast'
  | 'arp-reply-unicast'
  | 'garp-request'
  | 'garp-reply'
  | 'arp-probe'
  | 'arp-announcement'
  | 'arp-other'
  | 'rarp';

const NO_MAC = new Uint8Array(6);
const NO_IPV4 = new Uint8Array(4);

/**
 * Every ARP form. An announcement and a gratuitous request differ only in the target hardware address, which receivers
 * ignore: zero is an announcement (RFC 5227 2.3, by way of 2.1.1), broadcast is a gratuitous request (as arping sends);
 * `classify` follows.
 */
export function buildArp(kind: ArpKind, context: BuildContext): Addressed {
  const { sourceMac, claimedMac, sourceIpv4, gatewayMac, gatewayIpv4, variation } = context;
  const broadcast = parseMac(BROADCAST_MAC);
  const frame = (
    destination: Uint8Array,
    operation: number,
    senderIpv4: Uint8Array,
    targetMac: Uint8Array,
    targetIpv4: Uint8Array,
    etherType: number = ETHERTYPE.arp,
  ): Addressed => ({
    destination,
    source: sourceMac,
    etherType,
    packet: arpPacket({ operation, senderMac: claimedMac, senderIpv4, targetMac, targetIpv4 }),
  });
  switch (kind) {
    case 'arp-request-broadcast':
      return frame(broadcast, 1, sourceIpv4, NO_MAC, variedIpv4(gatewayIpv4, variation));
    case 'arp-request-unicast':
      return frame(gatewayMac, 1, sourceIpv4, NO_MAC, variedIpv4(gatewayIpv4, variation));
    case 'arp-reply-unicast':
      return frame(gatewayMac, 2, sourceIpv4, gatewayMac, gatewayIpv4);
    case 'garp-request':
      return frame(broadcast, 1, sourceIpv4, broadcast, sourceIpv4);
    case 'garp-reply':
      return frame(broadcast, 2, sourceIpv4, claimedMac, sourceIpv4);
    case 'arp-probe':
      return frame(broadcast, 1, NO_IPV4, NO_MAC, variedIpv4(sourceIpv4, variation));
    case 'arp-announcement':
      return frame(broadcast, 1, sourceIpv4, NO_MAC, sourceIpv4);
    case 'arp-other':
      // A broadcast reply that is not gratuitous.
      if (variation % 3 === 1) return frame(broadcast, 2, sourceIpv4, gatewayMac, gatewayIpv4);
      // InARP (RFC 2390): ARP by EtherType, but with opcodes that matches on 1 and 2 overlook.
      if (variation % 3 === 2) return frame(gatewayMac, 9, sourceIpv4, gatewayMac, gatewayIpv4);
      return frame(gatewayMac, 8, sourceIpv4, gatewayMac, NO_IPV4);
    case 'rarp':
      return frame(broadcast, 3, NO_IPV4, sourceMac, NO_IPV4, ETHERTYPE.rarp);
  }
}
