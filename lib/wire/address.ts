import ipaddr from 'ipaddr.js';
import { WireError } from './error.js';

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';

const HEX2 = /^[0-9a-fA-F]{2}$/;

/** Six bytes of `02:00:00:00:01:0a` (or with `-`). Throws WireError. */
export function parseMac(text: string): Uint8Array {
  const parts = text.includes('-') ? text.split('-') : text.split(':');
  if (parts.length !== 6 || !parts.every((part) => HEX2.test(part))) {
    throw new WireError(`"${text}" is not a MAC address; write it like 02:00:00:00:01:0a`);
  }
  return Uint8Array.from(parts, (part) => Number.parseInt(part, 16));
}

export function formatMac(bytes: Uint8Array, start = 0): string {
  let text = '';
  for (let i = 0; i < 6; i++)
    text += `${i === 0 ? '' : ':'}${at(bytes, start + i)
      .toString(16)
      .padStart(2, '0')}`;
  return text;
}

/** Four bytes of dotted decimal; leading zeros are refused, as they mean octal to some programs. Throws WireError. */
export function parseIpv4(text: string): Uint8Array {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text))
    throw new WireError(`"${text}" is not an IPv4 address; write it like 198.51.100.10`);
  return Uint8Array.from(ipaddr.IPv4.parse(text).toByteArray());
}

export function formatIpv4(bytes: Uint8Array, start = 0): string {
  return `${at(bytes, start)}.${at(bytes, start + 1)}.${at(bytes, start + 2)}.${at(bytes, start + 3)}`;
}

/** Sixteen bytes of any RFC 4291 2.2 form, without zone. Throws WireError. */
export function parseIpv6(text: string): Uint8Array {
  const dotted = text.slice(text.lastIndexOf(':') + 1);
  // The library accepts more forms, which few other programs accept: octal numbers in the dotted part, and a zone after
  // it.
  if (
    !ipaddr.IPv6.isValid(text) ||
    text.includes('%') ||
    (dotted.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(dotted))
  )
    throw new WireError(`"${text}" is not an IPv6 address; write it like 2001:db8::10`);
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}

/**
 * RFC 5952: lower case, no leading zeros, `::` for the first longest run of at least two zero groups; a mapped IPv4
 * address is dotted (5).
 */
export function formatIpv6(bytes: Uint8Array, start = 0): string {
  if (bytes.length < start + 16) throw new WireError('address is cut short', bytes.length);
  const ip = new ipaddr.IPv6([...bytes.subarray(start, start + 16)]);
  return ip.isIPv4MappedAddress() ? `::ffff:${ip.toIPv4Address().toString()}` : ip.toRFC5952String();
}

/** ff02::1:ffXX:XXXX of an address (RFC 4291 2.7.1). */
export function solicitedNode(address: Uint8Array): Uint8Array {
  const group = parseIpv6('ff02::1:ff00:0');
  group.set(address.subarray(13, 16), 13);
  return group;
}

/** 33:33:xx:xx:xx:xx of any IPv6 multicast group (RFC 2464 7). */
export function multicastMac(group: Uint8Array): Uint8Array {
  return Uint8Array.of(0x33, 0x33, at(group, 12), at(group, 13), at(group, 14), at(group, 15));
}

/** The MAC to which a solicitation for `address` is sent: 33:33:ff:XX:XX:XX. */
export function solicitedNodeMac(address: Uint8Array): Uint8Array {
  return multicastMac(solicitedNode(address));
}

/** fe80::/64 with the modified EUI-64 of a MAC (RFC 4291 appendix A). */
export function linkLocalFromMac(mac: Uint8Array): Uint8Array {
  return Uint8Array.of(
    0xfe,
    0x80,
    0,
    0,
    0,
    0,
    0,
    0,
    at(mac, 0) ^ 0x02,
    at(mac, 1),
    at(mac, 2),
    0xff,
    0xfe,
    at(mac, 3),
    at(mac, 4),
    at(mac, 5),
  );
}

function at(bytes: Uint8Array, index: number): number {
  const value = bytes[index];
  if (value === undefined) throw new WireError('address is cut short', index);
  return value;
}
