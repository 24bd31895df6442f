import { formatIpv6 } from './address.js';
import { slice, u16, u32, u8 } from './bytes.js';
import type { NdMessage, NdOption } from './layers.js';
import { ND_TYPE } from './nd.js';

/**
 * The body of an ND message after its checksum (RFC 4861 4); null when it is no ND message, is too short, or its
 * options run over.
 */
export function decodeNdMessage(messageType: number, body: Uint8Array): NdMessage | null {
  const fixed =
    messageType === ND_TYPE.rs ? 4 : messageType === ND_TYPE.ra ? 12 : messageType === ND_TYPE.redirect ? 36 : 20;
  if (messageType < ND_TYPE.rs || messageType > ND_TYPE.redirect || body.length < fixed) return null;
  const options = decodeOptions(body, fixed);
  if (options === null) return null;
  const word = u32(body, 0);
  switch (messageType) {
    case ND_TYPE.rs:
      return { type: 'rs', reserved: word, options };
    case ND_TYPE.ra:
      return {
        type: 'ra',
        hopLimit: u8(body, 0),
        flags: u8(body, 1),
        lifetime: u16(body, 2),
        reachable: u32(body, 4),
        retransmit: u32(body, 8),
        options,
      };
    case ND_TYPE.ns:
      return { type: 'ns', reserved: word, target: formatIpv6(body, 4), options };
    case ND_TYPE.na: {
      const flags = u8(body, 0);
      return {
        type: 'na',
        router: (flags & 0x80) !== 0,
        solicited: (flags & 0x40) !== 0,
        override: (flags & 0x20) !== 0,
        reserved: word & 0x1fffffff,
        target: formatIpv6(body, 4),
        options,
      };
    }
    default:
      return {
        type: 'redirect',
        reserved: word,
        target: formatIpv6(body, 4),
        destination: formatIpv6(body, 20),
        options,
      };
  }
}

function decodeOptions(body: Uint8Array, from: number): readonly NdOption[] | null {
  const options: NdOption[] = [];
  let at = from;
  while (at < body.length) {
    const size = at + 1 < body.length ? u8(body, at + 1) * 8 : 0;
    if (size === 0 || at + size > body.length) return null;
    options.push({ type: u8(body, at), value: slice(body, at + 2, at + size) });
    at += size;
  }
  return options;
}
