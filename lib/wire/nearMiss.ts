import { ETHERTYPE, type Addressed } from './ethernet.js';
import { arpPacket } from './arp.js';
import { flowPorts, overIpv4, overIpv6, payload, tcpSegment, udpDatagram } from './data.js';
import { PROTOCOL } from './ip.js';
import { variedIpv4, variedIpv6, type BuildContext } from './params.js';

export type NearMissKind =
  | 'near-miss-udp-arp'
  | 'near-miss-tcp6-135'
  | 'near-miss-icmp4-135'
  | 'near-miss-ethertype-0805'
  | 'near-miss-ethertype-0807';

/**
 * Data that a match by byte offset, or by a masked EtherType, takes for a neighbor frame. Single-sent like all data.
 */
export function buildNearMiss(kind: NearMissKind, context: BuildContext): Addressed {
  const { sourceMac, sourceIpv4, gatewayMac, gatewayIpv4, gatewayIpv6, variation } = context;
  const request = arpPacket({
    operation: 1,
    senderMac: sourceMac,
    senderIpv4: sourceIpv4,
    targetMac: new Uint8Array(6),
    targetIpv4: variedIpv4(gatewayIpv4, variation),
  });
  switch (kind) {
    case 'near-miss-udp-arp':
      return overIpv4(context, PROTOCOL.udp, udpDatagram(flowPorts(variation), payload(context, 28, request)), 6);
    case 'near-miss-tcp6-135':
      // The source port's high byte is where ICMPv6 has its type: 40 bytes into the packet.
      return overIpv6(
        context,
        PROTOCOL.tcp,
        tcpSegment([0x8700 + (variation & 0xff), ((variation >>> 8) & 0x1fff) + 0xe000], payload(context, 60)),
        16,
      );
    case 'near-miss-icmp4-135': {
      // The rest of a solicitation follows, so that a match on the message alone is fooled, too.
      const head = [0, 0, 0, 0, ...variedIpv6(gatewayIpv6, variation)];
      return overIpv4(context, PROTOCOL.icmp, Uint8Array.of(135, 0, 0, 0, ...payload(context, 24, head)), 2);
    }
    case 'near-miss-ethertype-0805':
      return { destination: gatewayMac, source: sourceMac, etherType: ETHERTYPE.arp - 1, packet: request };
    case 'near-miss-ethertype-0807':
      return { destination: gatewayMac, source: sourceMac, etherType: ETHERTYPE.arp + 1, packet: request };
  }
}
