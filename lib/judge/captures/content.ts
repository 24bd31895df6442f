import { kindCode, type Classification } from '../../wire/classify.js';

/** Results of `hashContent` and `hashData`, so that nothing is allocated. */
export const content = { a: 0, b: 0, loose: 0, way: 0, isOfLink: false };

/**
 * Two 32-bit hashes of the bytes [from, to) and a seed. Every word enters two of four lanes, one for each hash; the
 * lanes do not wait for each other. Not cryptographic: who can choose both frames can make them collide, who cannot
 * meets a collision once in 10^19 pairs.
 */
export function hashContent(view: DataView, from: number, to: number, seed: number): void {
  let a0 = seed ^ 0x2c1b3c6d;
  let a1 = (to - from) ^ 0x297a2d39;
  let b0 = a1 + 0x165667b1;
  let b1 = a0 + 0x27d4eb2f;
  let at = from;
  for (const end = to - 7; at < end; at += 8) {
    const even = view.getInt32(at, true);
    const odd = view.getInt32(at + 4, true);
    a0 = Math.imul(a0 ^ even, 0x5bd1e995);
    a1 = Math.imul(a1 ^ odd, 0x2c1b3c6d);
    b0 = Math.imul(((b0 << 13) | (b0 >>> 19)) ^ odd, 0x1b873593);
    b1 = Math.imul(((b1 << 13) | (b1 >>> 19)) ^ even, 0x165667b1);
    a0 ^= a0 >>> 15;
    a1 ^= a1 >>> 15;
  }
  let shift = 0;
  for (; at < to; at++) {
    const byte = view.getUint8(at);
    a0 = Math.imul(a0 ^ (byte << shift), 0x5bd1e995);
    b0 = Math.imul(((b0 << 13) | (b0 >>> 19)) ^ (byte + 0x100), 0x1b873593);
    shift = (shift + 8) & 31;
  }
  let a = Math.imul(a0 ^ ((a1 << 7) | (a1 >>> 25)), 0x5bd1e995);
  a ^= a >>> 13;
  let b = Math.imul(b0 ^ ((b1 << 11) | (b1 >>> 21)), 0x2c1b3c6d);
  b ^= b >>> 16;
  a = Math.imul(a, 0x1b873593);
  b = Math.imul(b, 0x27d4eb2f);
  // Tables are found by the lowest bits, which must depend on every byte.
  content.a = a ^ (a >>> 15);
  content.b = b ^ (b >>> 13);
}

/** Folds more words into a hash. */
export function fold(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x5bd1e995);
  return mixed ^ (mixed >>> 15);
}

/** Folds what stands before the EtherType of a packet into a hash. */
export function foldTags(hash: number, view: DataView, tags: number, body: number): number {
  let folded = hash;
  for (let at = tags; at < body - 2; at += 2) folded = fold(folded, view.getUint16(at));
  return folded;
}

/**
 * What a copy of data keeps that was altered on its way, as words of 32 bits, least significant byte first: not the
 * traffic class (RFC 2474, RFC 3168), the hop limit and the checksum of an IPv4 header.
 */
const IPV4_KEPT = [0xffff00ff, 0x0000ff00] as const;
const IPV6_KEPT = [0xffff0ff0, 0x00ffffff] as const;

/**
 * The content of data, whose packet as far as it counts is [body, end) and whose tags begin at `tags`: `a` of all of
 * it, `b` and `loose` of what an altered copy keeps, `way` of the rest, of which `mayBeOwnWay` tells; `isOfLink` where
 * the host itself may say the same in several VLANs. Tags are among what
 * is kept where the host itself may say the same in several VLANs: from and to link-local addresses, and from none; but
 * DHCP has an identifier of its own in each.
 */
export function hashData(
  view: DataView,
  tags: number,
  end: number,
  { kind, etherType, bodyStart: body, sourceHigh, sourceLow, destinationHigh, destinationLow }: Classification,
): void {
  let kept = fold(fold(kind | (etherType << 8), sourceHigh), sourceLow);
  let rest = foldTags(0, view, tags, body);
  let start = body;
  let hop = 0;
  content.isOfLink = false;
  const isOwn = kind !== DATA_DHCP;
  const group = (destinationHigh >>> 8) & 1;
  const destination = (fold(fold(0, destinationHigh), destinationLow) >>> 20) & ~1;
  content.way = ((group | (destination === 0 ? 2 : destination)) << 20) | ((rest >>> 20) << 8);
  if (etherType === 0x0800 && end - body >= 20) {
    const source = view.getInt32(body + 12);
    const isLocal =
      (isOwn && (source === 0 || source >>> 16 === LINK_LOCAL_IPV4)) || view.getUint16(body + 16) === LINK_LOCAL_IPV4;
    hop = view.getUint8(body + 8);
    const first = view.getInt32(body, true);
    const third = view.getInt32(body + 8, true);
    content.isOfLink = isLocal;
    if (isLocal) kept = fold(kept, rest);
    kept = fold(fold(fold(kept, first & IPV4_KEPT[0]), view.getInt32(body + 4, true)), third & IPV4_KEPT[1]);
    rest = fold(fold(rest, first & ~IPV4_KEPT[0]), third & ~IPV4_KEPT[1]);
    start = body + 12;
  } else if (etherType === 0x86dd && end - body >= 40) {
    const isLocal =
      (isOwn && (isLinkLocal6(view, body + 8) || view.getUint16(body + 8) === 0)) || isLinkLocal6(view, body + 24);
    hop = view.getUint8(body + 7);
    const first = view.getInt32(body, true);
    const second = view.getInt32(body + 4, true);
    content.isOfLink = isLocal;
    if (isLocal) kept = fold(kept, rest);
    kept = fold(fold(kept, first & IPV6_KEPT[0]), second & IPV6_KEPT[1]);
    rest = fold(fold(rest, first & ~IPV6_KEPT[0]), second & ~IPV6_KEPT[1]);
    start = body + 8;
  } else kept = fold(kept, rest);
  hashContent(view, start, end, kept);
  content.loose = content.a | 1;
  content.a = fold(content.a, rest);
  content.way |= hop;
}

/** The way of data of link-local addresses in captures without tags: its host may say it in several VLANs. */
export const LINK_WAY = 1;
const DATA_DHCP = kindCode('data-dhcp');
/** Bits of a way: of the destination, of which the lowest makes a group; of tags; the hop limit. */
export const GROUP_SHIFT = 20;
export const GROUP_WAY = 1 << GROUP_SHIFT;
export const TAGS_WAY = 0xfff00;
export const HOP_WAY = 0xff;

/**
 * Whether a host may have sent both of two packets that are alike by itself, by their `way`, 0 where it is not known: it
 * routes one packet to another MAC, in another VLAN with another hop limit, or in several VLANs to a group. What copies
 * frames alters one of these, to the same MAC.
 */
export function mayBeOwnWay(one: number, other: number): boolean {
  if (one === 0 || other === 0) return true;
  const differ = one ^ other;
  if (differ >>> GROUP_SHIFT !== 0) return true;
  return (differ & TAGS_WAY) !== 0 && ((differ & HOP_WAY) !== 0 || (one & GROUP_WAY) !== 0);
}

/** First half of 169.254.0.0/16 (RFC 3927); fe80::/10 (RFC 4291). A host may have one such address on each link. */
const LINK_LOCAL_IPV4 = 0xa9fe;
function isLinkLocal6(view: DataView, at: number): boolean {
  return (view.getUint16(at) & 0xffc0) === 0xfe80;
}

/**
 * What an altered copy keeps: for ARP the operation and both protocol addresses, for ND type, addresses and target. Not
 * the MACs, tags, options and checksum. 0 = too short to tell. `isOfLink` tells whether one of the addresses is
 * link-local.
 */
export function looseKey(view: DataView, start: number, length: number, etherType: number): number {
  let hash = etherType;
  let isLocal: boolean;
  if (etherType === 0x0806) {
    if (length < 28) return 0;
    isLocal = view.getUint16(start + 14) === LINK_LOCAL_IPV4 || view.getUint16(start + 24) === LINK_LOCAL_IPV4;
    hash = fold(fold(fold(hash, view.getUint16(start + 6)), view.getInt32(start + 14)), view.getInt32(start + 24));
  } else {
    if (length < 64) return 0;
    isLocal = isLinkLocal6(view, start + 8) || isLinkLocal6(view, start + 48);
    for (let at = start + 8; at < start + 40; at += 4) hash = fold(hash, view.getInt32(at));
    // Behind an extension header these are other bytes, but the same ones in every copy.
    hash = fold(hash, view.getUint8(start + 40));
    for (let at = start + 48; at < start + 64; at += 4) hash = fold(hash, view.getInt32(at));
  }
  return (hash & ~OF_LINK) | (isLocal ? OF_LINK : 1);
}

const OF_LINK = 3;

/** Of a `looseKey`. */
export function isOfLink(loose: number): boolean {
  return (loose & OF_LINK) === OF_LINK;
}

/**
 * Where the packet of a neighbor frame tells its sender's MAC: ARP always, ND in its first option, if that is a
 * link-layer address. -1 = nowhere.
 */
export function senderMacAt(view: DataView, start: number, length: number, etherType: number): number {
  if (etherType === 0x0806) return length < 28 ? -1 : start + 8;
  if (length < 72 || (view.getUint16(start + 64) !== 0x0101 && view.getUint16(start + 64) !== 0x0201)) return -1;
  return start + 66;
}
