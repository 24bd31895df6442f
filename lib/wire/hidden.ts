/**
 * Bytes behind an EtherType in which the next EtherType is looked for: tags are short, and a whole frame, as in a
 * pseudo-wire (RFC 4448), has twelve bytes of addresses before it.
 */
const MOST_TAG_BYTES = 12;
/** EtherType, and the start of each ARP packet for IPv4 over Ethernet (RFC 826). */
const ARP_START = [0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04] as const;
const ICMPV6 = 58;
/** Router Solicitation to Redirect (RFC 4861). */
const ND_FIRST = 133;
const ND_LAST = 137;

/**
 * Whether a frame whose EtherType is not known holds ARP or Neighbor Discovery a few bytes further on: then the EtherType
 * is that of a tag. `at`: first byte behind the EtherType.
 */
export function hidesNeighborFrame(bytes: Uint8Array, at: number, end: number): boolean {
  // Tags have an even number of bytes.
  for (let from = at; from <= at + MOST_TAG_BYTES && from + 10 <= end; from += 2)
    if (isArpAt(bytes, from) || isNdAt(bytes, from, end)) return true;
  return false;
}

function isArpAt(bytes: Uint8Array, at: number): boolean {
  return ARP_START.every((byte, i) => bytes[at + i] === byte);
}

function isNdAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 0x86 || bytes[at + 1] !== 0xdd || at + 2 + 41 > end) return false;
  const packet = at + 2;
  const type = bytes[packet + 40] ?? 0;
  return (
    (bytes[packet] ?? 0) >> 4 === 6 &&
    bytes[packet + 6] === ICMPV6 &&
    bytes[packet + 7] === 255 &&
    type >= ND_FIRST &&
    type <= ND_LAST
  );
}
