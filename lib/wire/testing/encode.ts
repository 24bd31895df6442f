import { parseIpv4, parseIpv6, parseMac } from '../address.js';
import { arpPacket } from '../arp.js';
import { be16, be32 } from '../bytes.js';
import { WireError } from '../error.js';
import { withTags } from '../ethernet.js';
import type {
  DecodedFrame,
  IcmpLayer,
  Ipv4Layer,
  Ipv6Layer,
  LacpEnd,
  LacpLayer,
  NdMessage,
  NetworkLayer,
  TransportLayer,
} from '../layers.js';

/**
 * The inverse of `decodeFrame`. Lengths follow from the contents; checksums are copied from the layers. Throws
 * WireError on an invalid address, or contents that no length field can hold.
 */
export function encodeFrame(frame: DecodedFrame): Uint8Array {
  const untagged = Uint8Array.from([
    ...parseMac(frame.destination),
    ...parseMac(frame.source),
    ...be16(frame.etherType),
    ...encodeNetwork(frame.network),
    ...frame.trailer,
  ]);
  return withTags(untagged, frame.tags);
}

type Bytes = ArrayLike<number> & Iterable<number>;

function encodeNetwork(layer: NetworkLayer): Bytes {
  switch (layer.type) {
    case 'opaque':
      return layer.bytes;
    case 'arp':
      return arpPacket({
        operation: layer.operation,
        senderMac: parseMac(layer.senderMac),
        senderIpv4: parseIpv4(layer.senderIpv4),
        targetMac: parseMac(layer.targetMac),
        targetIpv4: parseIpv4(layer.targetIpv4),
      });
    case 'ipv4':
      return encodeIpv4(layer);
    case 'ipv6':
      return encodeIpv6(layer);
    case 'lacp':
      return encodeLacp(layer);
    case 'lldp':
      return [...layer.tlvs.flatMap((tlv) => [...be16((tlv.type << 9) | tlv.value.length), ...tlv.value]), 0, 0];
  }
}

function encodeIpv4(layer: Ipv4Layer): Bytes {
  const payload = encodeTransport(layer.payload);
  const header = 20 + layer.options.length;
  return [
    0x40 | (header / 4),
    layer.typeOfService,
    ...length16(header + payload.length),
    ...be16(layer.identification),
    ...be16(layer.fragment),
    layer.ttl,
    layer.protocol,
    ...be16(layer.checksum),
    ...parseIpv4(layer.source),
    ...parseIpv4(layer.destination),
    ...layer.options,
    ...payload,
  ];
}

function encodeIpv6(layer: Ipv6Layer): Bytes {
  const body: number[] = [];
  layer.extensions.forEach((extension, index) => {
    body.push(layer.extensions[index + 1]?.type ?? layer.nextHeader, ...extension.body);
  });
  body.push(...encodeTransport(layer.payload));
  return [
    ...be32((6 << 28) | (layer.trafficClass << 20) | layer.flowLabel),
    ...length16(body.length),
    layer.extensions[0]?.type ?? layer.nextHeader,
    layer.hopLimit,
    ...parseIpv6(layer.source),
    ...parseIpv6(layer.destination),
    ...body,
  ];
}

function encodeTransport(layer: TransportLayer): Bytes {
  switch (layer.type) {
    case 'opaque':
      return layer.bytes;
    case 'udp':
      return [
        ...be16(layer.sourcePort),
        ...be16(layer.destinationPort),
        ...length16(8 + layer.data.length),
        ...be16(layer.checksum),
        ...layer.data,
      ];
    case 'tcp':
      return [
        ...be16(layer.sourcePort),
        ...be16(layer.destinationPort),
        ...be32(layer.sequence),
        ...be32(layer.acknowledgement),
        ...be16((((20 + layer.options.length) / 4) << 12) | layer.flags),
        ...be16(layer.window),
        ...be16(layer.checksum),
        ...be16(layer.urgent),
        ...layer.options,
        ...layer.data,
      ];
    case 'icmp':
    case 'icmpv6':
      return encodeIcmp(layer);
  }
}

function encodeIcmp(layer: IcmpLayer): Bytes {
  const { message } = layer;
  return [
    layer.messageType,
    layer.code,
    ...be16(layer.checksum),
    ...(message.type === 'opaque' ? message.bytes : encodeNd(message)),
  ];
}

function encodeNd(message: NdMessage): Bytes {
  const options = message.options.flatMap((option) => [option.type, (option.value.length + 2) / 8, ...option.value]);
  switch (message.type) {
    case 'rs':
      return [...be32(message.reserved), ...options];
    case 'ra':
      return [
        message.hopLimit,
        message.flags,
        ...be16(message.lifetime),
        ...be32(message.reachable),
        ...be32(message.retransmit),
        ...options,
      ];
    case 'ns':
      return [...be32(message.reserved), ...parseIpv6(message.target), ...options];
    case 'na': {
      const flags = (message.router ? 0x80 : 0) | (message.solicited ? 0x40 : 0) | (message.override ? 0x20 : 0);
      return [...be32((flags << 24) | message.reserved), ...parseIpv6(message.target), ...options];
    }
    case 'redirect':
      return [...be32(message.reserved), ...parseIpv6(message.target), ...parseIpv6(message.destination), ...options];
  }
}

function encodeLacp(layer: LacpLayer): Bytes {
  const end = (part: LacpEnd) => [
    ...be16(part.systemPriority),
    ...parseMac(part.system),
    ...be16(part.key),
    ...be16(part.portPriority),
    ...be16(part.port),
    part.state,
    ...part.reserved,
  ];
  return [
    1,
    layer.version,
    1,
    20,
    ...end(layer.actor),
    2,
    20,
    ...end(layer.partner),
    3,
    16,
    ...be16(layer.collectorMaxDelay),
    ...layer.rest,
  ];
}

function length16(length: number): readonly number[] {
  if (length > 0xffff) throw new WireError(`${length} bytes do not fit a 16-bit length`);
  return be16(length);
}
