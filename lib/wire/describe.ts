import { decodeFrame } from './decode.js';
import { WireError } from './error.js';
import type { VlanTag } from './frame.js';
import type { ArpLayer, DecodedFrame, IcmpLayer, Ipv4Layer, Ipv6Layer, NdMessage, TransportLayer } from './layers.js';
import { optionText } from './fields.js';
import { arpOperation, etherTypeName, icmpv6Name, protocolName } from './names.js';

export { fieldsOf } from './fields.js';

/** `802.1Q vid 20 pcp 0` */
export function tagText(tag: VlanTag): string {
  const name = tag.tpid === 0x8100 ? '802.1Q' : tag.tpid === 0x88a8 ? '802.1ad' : `tag 0x${tag.tpid.toString(16)}`;
  return `${name} vid ${tag.vid} pcp ${tag.pcp}${tag.dei ? ' dei' : ''}`;
}

/**
 * One line for people: tags, then what the frame says, e.g. `802.1Q vid 20 pcp 0 | ARP reply 198.51.100.11 is-at 02:..
 * to 198.51.100.1`. Never throws: a frame that cannot be decoded is described as such.
 */
export function summariseFrame(bytes: Uint8Array): string {
  try {
    const frame = decodeFrame(bytes);
    return [...frame.tags.map(tagText), sentence(frame)].join(' | ');
  } catch (error) {
    if (error instanceof WireError) return `undecodable frame of ${bytes.length} bytes: ${error.message}`;
    throw error;
  }
}

function sentence(frame: DecodedFrame): string {
  const { network } = frame;
  switch (network.type) {
    case 'arp':
      return arpSentence(network, frame);
    case 'ipv4':
    case 'ipv6':
      return ipSentence(network);
    case 'lacp':
      return `LACPDU system ${network.actor.system} key ${network.actor.key} port ${network.actor.port}, partner ${network.partner.system}`;
    case 'lldp':
      return `LLDP from ${frame.source}`;
    case 'opaque':
      return `${etherTypeName(frame.etherType)} ${frame.source} to ${frame.destination}`;
  }
}

function arpSentence(arp: ArpLayer, frame: DecodedFrame): string {
  const name = frame.etherType === 0x8035 ? 'RARP' : 'ARP';
  const how =
    frame.destination === 'ff:ff:ff:ff:ff:ff' ? '' : arp.operation === 1 ? ` (unicast to ${frame.destination})` : '';
  if (name === 'RARP') return `RARP ${arpOperation(arp.operation)} of ${arp.senderMac} for ${arp.targetMac}`;
  if (arp.operation === 1 && arp.senderIpv4 === '0.0.0.0')
    return `ARP probe for ${arp.targetIpv4} by ${arp.senderMac}${how}`;
  if (arp.operation === 1 && arp.senderIpv4 === arp.targetIpv4 && arp.targetMac === '00:00:00:00:00:00')
    return `ARP announcement ${arp.senderIpv4} is-at ${arp.senderMac}`;
  if (arp.operation <= 2 && arp.senderIpv4 === arp.targetIpv4)
    return `gratuitous ARP ${arpOperation(arp.operation)} ${arp.senderIpv4} is-at ${arp.senderMac}`;
  if (arp.operation === 1) return `ARP request who-has ${arp.targetIpv4} tell ${arp.senderIpv4}${how}`;
  if (arp.operation === 2) return `ARP reply ${arp.senderIpv4} is-at ${arp.senderMac} to ${arp.targetIpv4}`;
  return `ARP ${arpOperation(arp.operation)} ${arp.senderIpv4} (${arp.senderMac}) to ${arp.targetIpv4} (${arp.targetMac})`;
}

function ipSentence(packet: Ipv4Layer | Ipv6Layer): string {
  const way = `${packet.source} > ${packet.destination}`;
  const protocol = packet.type === 'ipv4' ? packet.protocol : packet.nextHeader;
  const headers =
    packet.type === 'ipv6' && packet.extensions.length > 0
      ? ` behind ${packet.extensions.length} extension header${packet.extensions.length === 1 ? '' : 's'}`
      : '';
  return `${transportSentence(packet.payload, protocol, packet.type)} ${way}${headers}`;
}

function transportSentence(layer: TransportLayer, protocol: number, network: 'ipv4' | 'ipv6'): string {
  switch (layer.type) {
    case 'udp':
      return `UDP ${layer.sourcePort} to ${layer.destinationPort}`;
    case 'tcp':
      return `${network === 'ipv6' ? 'IPv6 ' : ''}TCP ${layer.sourcePort} to ${layer.destinationPort}`;
    case 'icmp':
      return layer.messageType === 8
        ? 'ICMP echo request'
        : layer.messageType === 0
          ? 'ICMP echo reply'
          : `ICMP type ${layer.messageType} code ${layer.code}`;
    case 'icmpv6':
      return icmpv6Sentence(layer);
    case 'opaque':
      return `${network === 'ipv4' ? 'IPv4' : 'IPv6'} ${protocolName(protocol)}`;
  }
}

function icmpv6Sentence(layer: IcmpLayer): string {
  const { message } = layer;
  const code = layer.code === 0 ? '' : ` code ${layer.code}`;
  if (message.type === 'opaque')
    return `${icmpv6Name(layer.messageType)}${code}${layer.messageType >= 133 && layer.messageType <= 137 ? ' (malformed)' : ''}`;
  return `${ndText(message)}${code}${message.options.map((option) => `, ${optionText(option)}`).join('')},`;
}

function ndText(message: NdMessage): string {
  switch (message.type) {
    case 'ns':
      return `NS who-has ${message.target}`;
    case 'na': {
      const flags = [
        message.router ? 'router' : '',
        message.solicited ? 'solicited' : '',
        message.override ? 'override' : '',
      ].filter((flag) => flag !== '');
      return `NA ${message.target}${flags.length === 0 ? '' : ` (${flags.join(', ')})`}`;
    }
    case 'rs':
      return 'RS';
    case 'ra':
      return `RA lifetime ${message.lifetime} s`;
    case 'redirect':
      return `redirect of ${message.destination} to ${message.target}`;
  }
}
