/** The content hashes of lib/judge/captures/content.ts, whose comments say what they are good for. */
import { u16At, u32At, u8At } from './bytes';
import { ARP, IPV4 } from './classify';
import { DATA_DHCP } from './kinds';

/** Results of the last `hashContent`. */
export let hashA: i32 = 0;
export let hashB: i32 = 0;
/** Of the last `hashData`. */
export let hashLoose: i32 = 0;
export let hashWay: i32 = 0;

export function hashContent(from: i32, to: i32, seed: i32): void {
  let a0 = seed ^ 0x2c1b3c6d;
  let a1 = (to - from) ^ 0x297a2d39;
  let b0 = a1 + 0x165667b1;
  let b1 = a0 + 0x27d4eb2f;
  let at = from;
  for (const end = to - 7; at < end; at += 8) {
    const even = load<i32>(at);
    const odd = load<i32>(at, 4);
    a0 = (a0 ^ even) * 0x5bd1e995;
    a1 = (a1 ^ odd) * 0x2c1b3c6d;
    b0 = (rotl<i32>(b0, 13) ^ odd) * 0x1b873593;
    b1 = (rotl<i32>(b1, 13) ^ even) * 0x165667b1;
    a0 ^= (a0 as u32) >> 15;
    a1 ^= (a1 as u32) >> 15;
  }
  let shift: i32 = 0;
  for (; at < to; at++) {
    const byte = u8At(at);
    a0 = (a0 ^ (byte << shift)) * 0x5bd1e995;
    b0 = (rotl<i32>(b0, 13) ^ (byte + 0x100)) * 0x1b873593;
    shift = (shift + 8) & 31;
  }
  let a = (a0 ^ rotl<i32>(a1, 7)) * 0x5bd1e995;
  a ^= (a as u32) >> 13;
  let b = (b0 ^ rotl<i32>(b1, 11)) * 0x2c1b3c6d;
  b ^= (b as u32) >> 16;
  a *= 0x1b873593;
  b *= 0x27d4eb2f;
  hashA = a ^ ((a as u32) >> 15);
  hashB = b ^ ((b as u32) >> 13);
}

export function fold(hash: i32, word: i32): i32 {
  const mixed: i32 = (hash ^ word) * 0x5bd1e995;
  return mixed ^ ((mixed as u32) >> 15);
}

export function foldTags(hash: i32, from: i32, body: i32): i32 {
  let folded = hash;
  for (let at = from + 12; at < body - 2; at += 2) folded = fold(folded, u16At(at));
  return folded;
}

/** IPv4 or IPv6, with a whole header. */
export function hashData(from: i32, body: i32, end: i32, kind: i32, etherType: i32): void {
  let kept = fold(fold(kind | (etherType << 8), u16At(from + 6)), u32At(from + 8));
  let rest = foldTags(0, from, body);
  let start = body;
  const isOwn = kind != DATA_DHCP;
  const group: i32 = u8At(from) & 1;
  const to: i32 = ((fold(fold(0, u16At(from)), u32At(from + 2)) as u32) >> 20) & ~1;
  hashWay = ((group | (to == 0 ? 2 : to)) << 20) | (((rest as u32) >> 20) << 8);
  const first = load<i32>(body);
  if (etherType == IPV4) {
    const third = load<i32>(body, 8);
    const source = load<i32>(body, 12);
    const isLocal = isOwn && (source == 0 || u16At(body + 12) == 0xa9fe);
    if (isLocal || u16At(body + 16) == 0xa9fe) kept = fold(kept, rest);
    hashWay |= u8At(body + 8);
    kept = fold(fold(fold(kept, first & 0xffff00ff), load<i32>(body, 4)), third & 0x0000ff00);
    rest = fold(fold(rest, first & 0x0000ff00), third & 0xffff00ff);
    start += 12;
  } else {
    const second = load<i32>(body, 4);
    const source = u16At(body + 8);
    const isLocal = isOwn && (source == 0 || (source & 0xffc0) == 0xfe80);
    if (isLocal || (u16At(body + 24) & 0xffc0) == 0xfe80) kept = fold(kept, rest);
    hashWay |= u8At(body + 7);
    kept = fold(fold(kept, first & 0xffff0ff0), second & 0x00ffffff);
    rest = fold(fold(rest, first & 0x0000f00f), second & 0xff000000);
    start += 8;
  }
  hashContent(start, end, kept);
  hashLoose = hashA | 1;
  hashA = fold(hashA, rest);
}

export function looseKey(start: i32, length: i32, etherType: i32): i32 {
  let hash = etherType;
  let isLocal: bool;
  if (etherType == ARP) {
    if (length < 28) return 0;
    isLocal = u16At(start + 14) == 0xa9fe || u16At(start + 24) == 0xa9fe;
    hash = fold(fold(fold(hash, u16At(start + 6)), u32At(start + 14)), u32At(start + 24));
  } else {
    if (length < 64) return 0;
    isLocal = (u16At(start + 8) & 0xffc0) == 0xfe80 || (u16At(start + 48) & 0xffc0) == 0xfe80;
    for (let at = start + 8; at < start + 40; at += 4) hash = fold(hash, u32At(at));
    hash = fold(hash, u8At(start + 40));
    for (let at = start + 48; at < start + 64; at += 4) hash = fold(hash, u32At(at));
  }
  return (hash & ~3) | (isLocal ? 3 : 1);
}

export function senderMacAt(start: i32, length: i32, etherType: i32): i32 {
  if (etherType == ARP) return length < 28 ? -1 : start + 8;
  if (length < 72 || (u16At(start + 64) != 0x0101 && u16At(start + 64) != 0x0201)) return -1;
  return start + 66;
}
