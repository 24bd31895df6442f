import ipaddr from 'ipaddr.js';
import { formatIpv4, parseIpv4, parseIpv6 } from '../wire/address.js';
import { fromHex, hex } from '../wire/bytes.js';
import { WireError } from '../wire/error.js';

/** An IP address as a number: 32 bits for version 4, 128 for version 6. */
export interface Ip {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** An IP network; `base` has no host bits set. */
export interface Prefix {
  readonly version: 4 | 6;
  readonly base: bigint;
  readonly length: number;
}

const bitsOf = (version: 4 | 6): number => (version === 4 ? 32 : 128);

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`);

/**
 * The address in a text, or null when it is none. No dotted quad at the end of version 6 and no zone (RFC
 * 4291 2.2 form 3, RFC 4007 11): neither belongs in a topology.
 */
export function parseIp(text: string): Ip | null {
  const version = text.includes(':') ? 6 : 4;
  if (version === 6 && text.includes('.')) return null;
  try {
    return { version, value: numberOf(version === 6 ? parseIpv6(text) : parseIpv4(text)) };
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/**
 * Canonical text that `parseIp` reads: RFC 5952 4 for version 6, and so a mapped IPv4 address without the dotted quad
 * that RFC 5952 5 recommends.
 */
export function formatIp({ version, value }: Ip): string {
  const bytes = fromHex(value.toString(16).padStart(bitsOf(version) / 4, '0'));
  return version === 4 ? formatIpv4(bytes) : new ipaddr.IPv6([...bytes]).toRFC5952String();
}

/** `address/length` with no host bits set, or null. */
export function parsePrefix(text: string): Prefix | null {
  const match = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  const ip = match === null ? null : parseIp(match[1] ?? '');
  const length = Number(match?.[2]);
  if (ip === null || length > bitsOf(ip.version)) return null;
  const prefix: Prefix = { version: ip.version, base: ip.value, length };
  return (ip.value & hostMask(prefix)) === 0n ? prefix : null;
}

export const formatPrefix = (prefix: Prefix): string =>
  `${formatIp({ version: prefix.version, value: prefix.base })}/${prefix.length}`;

const hostMask = (prefix: Prefix): bigint => (1n << BigInt(bitsOf(prefix.version) - prefix.length)) - 1n;

export function contains(prefix: Prefix, ip: Ip): boolean {
  return ip.version === prefix.version && (ip.value & ~hostMask(prefix)) === prefix.base;
}

export function overlaps(a: Prefix, b: Prefix): boolean {
  return contains(a, { version: b.version, value: b.base }) || contains(b, { version: a.version, value: a.base });
}

/** Inside the network, and neither its own address nor (version 4) its broadcast address. */
export function isUsable(prefix: Prefix, ip: Ip): boolean {
  if (!contains(prefix, ip) || ip.value === prefix.base) return false;
  return prefix.version === 6 || (ip.value & hostMask(prefix)) !== hostMask(prefix);
}
