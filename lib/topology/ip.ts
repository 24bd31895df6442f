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

function parseIpv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    // No leading zeros: some tools read them as octal (RFC 6943 3.1.1).
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseGroups(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const part of text.split(':')) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
    groups.push(BigInt(`0x${part}`));
  }
  return groups;
}

/** RFC 4291 2.2, forms 1 and 2 (not the form with a dotted quad at its end, nor zones: neither belongs in a topology). */
function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((value, group) => (value << 16n) | group, 0n);
}

/** The address that a text means, or null when it means none. */
export function parseIp(text: string): Ip | null {
  const version = text.includes(':') ? 6 : 4;
  const value = version === 6 ? parseIpv6(text) : parseIpv4(text);
  return value === null ? null : { version, value };
}

/** Canonical text (RFC 5952 4 for version 6). */
export function formatIp(ip: Ip): string {
  if (ip.version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((ip.value >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (ip.value >> BigInt(112 - 16 * i)) & 0xffffn);
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0n) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.at < 0) return hex.join(':');
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`;
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
