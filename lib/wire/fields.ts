import { formatMac } from './address.js';
import { hex } from './bytes.js';
import { decodeFrame } from './decode.js';
import { WireError } from './error.js';
import type { DecodedFrame, IcmpLayer, LacpEnd, NdMessage, NdOption, NetworkLayer, TransportLayer } from './layers.js';
import { arpOperation, etherTypeName, icmpv6Name, lacpState, ndOptionName, protocolName } from './names.js';
import { readTokenSalt, TOKEN_BYTES } from './token.js';

export interface Field {
  readonly name: string;
  readonly value: string;
}

export interface LayerFields {
  readonly layer: string;
  readonly fields: readonly Field[];
}

type Pair = readonly [name: string, value: string | number | boolean];

/**
 * Every layer with its fields as text, outermost first, for reports. Never throws: an undecodable frame is one layer
 * that says why.
 */
export function fieldsOf(bytes: Uint8Array): readonly LayerFields[] {
  try {
    return frameFields(decodeFrame(bytes), bytes);
  } catch (error) {
    if (error instanceof WireError) return [layer('undecodable', ['reason', error.message], ['bytes', hex(bytes)])];
    throw error;
  }
}

/** `source link-layer address 02:..` */
export function optionText(option: NdOption): string {
  const isMac = (option.type === 1 || option.type === 2) && option.value.length === 6;
  return `${ndOptionName(option.type)} ${isMac ? formatMac(option.value) : hex(option.value)}`;
}

function frameFields(frame: DecodedFrame, bytes: Uint8Array): readonly LayerFields[] {
  const tags = frame.tags.map((tag) =>
    layer(tag.tpid === 0x8100 ? '802.1Q' : '802.1ad', ['vid', tag.vid], ['pcp', tag.pcp], ['dei', tag.dei]),
  );
  const out = [
    layer(
      'Ethernet',
      ['destination', frame.destination],
      ['source', frame.source],
      ['type', etherTypeName(frame.etherType)],
    ),
    ...tags,
  ];
  out.push(...networkFields(frame.network, frame.etherType));
  if (frame.trailer.length > 0) out.push(layer('trailer', ['content', hex(frame.trailer)]));
  if (readTokenSalt(bytes, 0, bytes.length) >= 0) {
    const token = bytes.subarray(bytes.length - TOKEN_BYTES);
    out.push(layer('token', ['salt', hex(token.subarray(4, 8))], ['id', Number.parseInt(hex(token.subarray(8)), 16)]));
  }
  return out;
}

function networkFields(network: NetworkLayer, etherType: number): readonly LayerFields[] {
  switch (network.type) {
    case 'arp':
      return [
        layer(
          etherType === 0x8035 ? 'RARP' : 'ARP',
          ['operation', arpOperation(network.operation)],
          ['sender MAC', network.senderMac],
          ['sender IPv4', network.senderIpv4],
          ['target MAC', network.targetMac],
          ['target IPv4', network.targetIpv4],
        ),
      ];
    case 'ipv4':
      return [
        layer(
          'IPv4',
          ['source', network.source],
          ['destination', network.destination],
          ['protocol', protocolName(network.protocol)],
          ['TTL', network.ttl],
          ['type of service', network.typeOfService],
          ['identification', network.identification],
          ['flags and fragment offset', word16(network.fragment)],
          ['checksum', word16(network.checksum)],
          ...bytesPair('options', network.options),
        ),
        ...transportFields(network.payload),
      ];
    case 'ipv6':
      return [
        layer(
          'IPv6',
          ['source', network.source],
          ['destination', network.destination],
          ['next header', protocolName(network.nextHeader)],
          ['hop limit', network.hopLimit],
          ['traffic class', network.trafficClass],
          ['flow label', network.flowLabel],
        ),
        ...network.extensions.map((extension) =>
          layer('extension header', ['type', extension.type], ['content', hex(extension.body)]),
        ),
        ...transportFields(network.payload),
      ];
    case 'lacp':
      return [
        layer('LACP', ['version', network.version], ['collector maximum delay', network.collectorMaxDelay]),
        lacpFields('LACP actor', network.actor),
        lacpFields('LACP partner', network.partner),
      ];
    case 'lldp':
      return [layer('LLDP', ...network.tlvs.map((tlv): Pair => [`TLV ${tlv.type}`, hex(tlv.value)]))];
    case 'opaque':
      return network.bytes.length === 0 ? [] : [layer('payload', ['content', hex(network.bytes)])];
  }
}

function lacpFields(name: string, end: LacpEnd): LayerFields {
  return layer(
    name,
    ['system priority', end.systemPriority],
    ['system', end.system],
    ['key', end.key],
    ['port priority', end.portPriority],
    ['port', end.port],
    ['state', lacpState(end.state)],
  );
}

function transportFields(transport: TransportLayer): readonly LayerFields[] {
  switch (transport.type) {
    case 'udp':
      return [
        layer(
          'UDP',
          ['source port', transport.sourcePort],
          ['destination port', transport.destinationPort],
          ['checksum', word16(transport.checksum)],
          ...bytesPair('data', transport.data),
        ),
      ];
    case 'tcp':
      return [
        layer(
          'TCP',
          ['source port', transport.sourcePort],
          ['destination port', transport.destinationPort],
          ['sequence', transport.sequence],
          ['acknowledgement', transport.acknowledgement],
          ['flags', word16(transport.flags)],
          ['window', transport.window],
          ['checksum', word16(transport.checksum)],
          ...bytesPair('options', transport.options),
          ...bytesPair('data', transport.data),
        ),
      ];
    case 'icmp':
    case 'icmpv6':
      return [icmpFields(transport)];
    case 'opaque':
      return transport.bytes.length === 0 ? [] : [layer('payload', ['content', hex(transport.bytes)])];
  }
}

function icmpFields(icmp: IcmpLayer): LayerFields {
  const head: Pair[] = [
    ['type', icmp.type === 'icmpv6' ? icmpv6Name(icmp.messageType) : icmp.messageType],
    ['code', icmp.code],
    ['checksum', word16(icmp.checksum)],
  ];
  const name = icmp.type === 'icmp' ? 'ICMP' : 'ICMPv6';
  if (icmp.message.type === 'opaque') return layer(name, ...head, ...bytesPair('body', icmp.message.bytes));
  const options = icmp.message.options.map((option): Pair => [
    ndOptionName(option.type),
    optionText(option).slice(ndOptionName(option.type).length + 1),
  ]);
  return layer(name, ...head, ...ndPairs(icmp.message), ...options);
}

function ndPairs(message: NdMessage): readonly Pair[] {
  switch (message.type) {
    case 'ns':
      return [['target', message.target]];
    case 'na':
      return [
        ['target', message.target],
        ['router', message.router],
        ['solicited', message.solicited],
        ['override', message.override],
      ];
    case 'rs':
      return [];
    case 'ra':
      return [
        ['hop limit', message.hopLimit],
        ['flags', message.flags],
        ['lifetime s', message.lifetime],
        ['reachable ms', message.reachable],
        ['retransmit ms', message.retransmit],
      ];
    case 'redirect':
      return [
        ['target', message.target],
        ['destination', message.destination],
      ];
  }
}

function layer(name: string, ...pairs: readonly Pair[]): LayerFields {
  return { layer: name, fields: pairs.map(([field, value]) => ({ name: field, value: String(value) })) };
}

function bytesPair(name: string, bytes: Uint8Array): readonly Pair[] {
  return bytes.length === 0 ? [] : [[name, hex(bytes)]];
}

function word16(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}
