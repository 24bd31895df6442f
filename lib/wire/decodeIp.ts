import { formatIpv4, formatIpv6 } from './address.js';
import { slice, u16, u32, u8 } from './bytes.js';
import { decodeNdMessage } from './decodeNd.js';
import { WireError } from './error.js';
import { PROTOCOL } from './ip.js';
import type { ExtensionHeader, Sized, TransportLayer } from './layers.js';

export function decodeIpv4(bytes: Uint8Array, at: number): Sized {
  const header = (u8(bytes, at) & 0x0f) * 4;
  const total = u16(bytes, at + 2);
  if (u8(bytes, at) >> 4 !== 4) throw new WireError('IPv4 packet has another version', at);
  if (header < 20 || total < header)
    throw new WireError(`IPv4 header length ${header} and total length ${total} contradict`, at);
  if (total > bytes.length - at) throw new WireError(`IPv4 packet of ${total} bytes is cut short`, bytes.length);
  const fragment = u16(bytes, at + 6);
  const protocol = u8(bytes, at + 9);
  return {
    network: {
      type: 'ipv4',
      typeOfService: u8(bytes, at + 1),
      identification: u16(bytes, at + 4),
      fragment,
      ttl: u8(bytes, at + 8),
      protocol,
      checksum: u16(bytes, at + 10),
      source: formatIpv4(bytes, at + 12),
      destination: formatIpv4(bytes, at + 16),
      options: slice(bytes, at + 20, at + header),
      // Only an unfragmented packet's payload is whole.
      payload: decodeTransport(slice(bytes, at + header, at + total), (fragment & 0x3fff) === 0 ? protocol : -1),
    },
    length: total,
  };
}

export function decodeIpv6(bytes: Uint8Array, start: number): Sized {
  if (u8(bytes, start) >> 4 !== 6) throw new WireError('IPv6 packet has another version', start);
  if (bytes.length - start < 40) throw new WireError('IPv6 header is cut short', bytes.length);
  const length = 40 + u16(bytes, start + 4);
  if (length > bytes.length - start) throw new WireError(`IPv6 packet of ${length} bytes is cut short`, bytes.length);
  const end = start + length;
  const extensions: ExtensionHeader[] = [];
  let nextHeader = u8(bytes, start + 6);
  let at = start + 40;
  let whole = true;
  while (isExtension(nextHeader) && end - at >= 8) {
    const size = nextHeader === PROTOCOL.fragment ? 8 : (u8(bytes, at + 1) + 1) * 8;
    if (size > end - at) break;
    // Offset or "more fragments": what follows is a fragment.
    if (nextHeader === PROTOCOL.fragment && (u16(bytes, at + 2) & 0xfff9) !== 0) whole = false;
    extensions.push({ type: nextHeader, body: slice(bytes, at + 1, at + size) });
    nextHeader = u8(bytes, at);
    at += size;
    if (!whole) break;
  }
  const word = u32(bytes, start);
  return {
    network: {
      type: 'ipv6',
      trafficClass: Math.floor(word / 0x100000) & 0xff,
      flowLabel: word & 0xfffff,
      hopLimit: u8(bytes, start + 7),
      source: formatIpv6(bytes, start + 8),
      destination: formatIpv6(bytes, start + 24),
      extensions,
      nextHeader,
      payload: decodeTransport(slice(bytes, at, end), whole ? nextHeader : -1),
    },
    length,
  };
}

function isExtension(nextHeader: number): boolean {
  return (
    nextHeader === PROTOCOL.hopByHop ||
    nextHeader === 43 ||
    nextHeader === PROTOCOL.fragment ||
    nextHeader === PROTOCOL.destinationOptions
  );
}

/** `bytes` is the whole upper-layer packet; one that contradicts itself stays opaque. */
function decodeTransport(bytes: Uint8Array, protocol: number): TransportLayer {
  switch (protocol) {
    case PROTOCOL.udp:
      if (bytes.length < 8 || u16(bytes, 4) !== bytes.length) break;
      return {
        type: 'udp',
        sourcePort: u16(bytes, 0),
        destinationPort: u16(bytes, 2),
        checksum: u16(bytes, 6),
        data: slice(bytes, 8, bytes.length),
      };
    case PROTOCOL.tcp: {
      if (bytes.length < 20) break;
      const header = (u8(bytes, 12) >> 4) * 4;
      if (header < 20 || header > bytes.length) break;
      return {
        type: 'tcp',
        sourcePort: u16(bytes, 0),
        destinationPort: u16(bytes, 2),
        sequence: u32(bytes, 4),
        acknowledgement: u32(bytes, 8),
        flags: u16(bytes, 12) & 0x0fff,
        window: u16(bytes, 14),
        checksum: u16(bytes, 16),
        urgent: u16(bytes, 18),
        options: slice(bytes, 20, header),
        data: slice(bytes, header, bytes.length),
      };
    }
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6: {
      if (bytes.length < 4) break;
      const six = protocol === PROTOCOL.icmpv6;
      const messageType = u8(bytes, 0);
      const body = slice(bytes, 4, bytes.length);
      return {
        type: six ? 'icmpv6' : 'icmp',
        messageType,
        code: u8(bytes, 1),
        checksum: u16(bytes, 2),
        message: (six ? decodeNdMessage(messageType, body) : null) ?? { type: 'opaque', bytes: body },
      };
    }
  }
  return { type: 'opaque', bytes };
}
