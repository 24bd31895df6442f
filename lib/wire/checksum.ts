/**
 * One's complement sum of RFC 1071 over `bytes[start, end)` added to `sum`; not folded, not inverted. An odd last byte
 * counts as high.
 */
export function addToSum(sum: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  let total = sum;
  let i = start;
  for (; i + 1 < end; i += 2) total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  if (i < end) total += (bytes[i] ?? 0) << 8;
  return total;
}

/** Folds a sum and inverts it: the checksum field's value. 0 over a range that holds a correct checksum. */
export function finishSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

export function internetChecksum(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return finishSum(addToSum(0, bytes, start, end));
}

/**
 * Checksum of an upper-layer packet with the IPv4 pseudo header (RFC 9293 3.1, RFC 768). Addresses are 4 bytes each.
 */
export function ipv4UpperChecksum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  upper: Uint8Array,
): number {
  return finishSum(addToSum(addToSum(addToSum(protocol + upper.length, source), destination), upper));
}

/** Checksum of an upper-layer packet with the IPv6 pseudo header (RFC 8200 8.1). Addresses are 16 bytes each. */
export function ipv6UpperChecksum(
  source: Uint8Array,
  destination: Uint8Array,
  nextHeader: number,
  upper: Uint8Array,
): number {
  const length = (upper.length >>> 16) + (upper.length & 0xffff);
  return finishSum(addToSum(addToSum(addToSum(nextHeader + length, source), destination), upper));
}
