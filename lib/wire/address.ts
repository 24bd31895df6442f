import { WireError } from './error.js';

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';

const HEX2 = /^[0-9a-fA-F]{2}$/;
const HEX4 = /^[0-9a-fA-F]{1,4}$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,2})$/;

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
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part) && Number(part) <= 255)) {
    throw new WireError(`"${text}" is not an IPv4 address; write it like 198.51.100.10`);
  }
  return Uint8Array.from(parts, Number);
}

export function formatIpv4(bytes: Uint8Array, start = 0): string {
  return `${at(bytes, start)}.${at(bytes, start + 1)}.${at(bytes, start + 2)}.${at(bytes, start + 3)}`;
}

/** Sixteen bytes of any RFC 4291 2.2 form, without zone. Throws WireError. */
export function parseIpv6(text: string): Uint8Array {
  const fail = (): never => {
    throw new WireError(`"${text}" is not an IPv6 address; write it like 2001:db8::10`);
  };
  const halves = text.split('::');
  if (halves.length > 2) return fail();
  const groups = halves.map((half, index) => {
    if (half === '') return halves.length === 1 ? fail() : [];
    const words: number[] = [];
    const parts = half.split(':');
    parts.forEach((part, position) => {
      const last = index === halves.length - 1 && position === parts.length - 1;
      if (last && part.includes('.')) {
        const [a = 0, b = 0, c = 0, d = 0] = parseIpv4(part);
        words.push((a << 8) | b, (c << 8) | d);
      } else if (HEX4.test(part)) words.push(Number.parseInt(part, 16));
      else fail();
    });
    return words;
  });
  const head = groups[0] ?? [];
  const tail = groups[1] ?? [];
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return fail();
  const out = new Uint8Array(16);
  [...head, ...new Array<number>(gap).fill(0), ...tail].forEach((word, i) => {
    out[2 * i] = word >> 8;
    out[2 * i + 1] = word & 0xff;
  });
  return out;
}

/** RFC 5952: lower case, no leading zeros, `::` for the first longest run of at least two zero groups. */
export function formatIpv6(bytes: Uint8Array, start = 0): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push((at(bytes, start + i) << 8) | at(bytes, start + i + 1));
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff)
    return `::ffff:${formatIpv4(bytes, start + 12)}`;
  let from = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && words[i + run] === 0) run++;
    if (run > length) [from, length] = [i, run];
  }
  const hex = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  return from < 0 ? hex(words) : `${hex(words.slice(0, from))}::${hex(words.slice(from + length))}`;
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
