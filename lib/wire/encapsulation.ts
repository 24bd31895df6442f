import type { Classification } from './classify.js';

/**
 * How a packet may carry a frame. ERSPAN and TZSP carry copies of what went through a port and nothing else; GRE
 * with EtherType 0x6558, VXLAN and Geneve carry mirrors, but also the traffic of hosts. Sources:
 * draft-foschiano-erspan-03, RFC 2784 and 2890, RFC 7348, RFC 8926, Linux include/net/erspan.h, Wireshark's
 * packet-tzsp.c.
 */
export const ENCAPSULATIONS = [
  { name: 'ERSPAN I', isMirror: true },
  { name: 'ERSPAN II', isMirror: true },
  { name: 'ERSPAN III', isMirror: true },
  { name: 'TZSP', isMirror: true },
  { name: 'GRE', isMirror: false },
  { name: 'VXLAN', isMirror: false },
  { name: 'Geneve', isMirror: false },
] as const;

const [ERSPAN_1, ERSPAN_2, ERSPAN_3, TZSP, GRE, VXLAN, GENEVE] = [0, 1, 2, 3, 4, 5, 6] as const;

/** One encapsulation around a frame; `locate` sets all fields. */
export interface Encapsulation {
  /** Index in ENCAPSULATIONS. */
  type: number;
  /** The frame inside: first byte, and the end of what was captured of it. */
  start: number;
  end: number;
  /** Session, VNI or key; -1 where there is none. */
  id: number;
  /** GRE's sequence number, unsigned; -1 where there is none. */
  sequence: number;
  /** The mirror cut the frame (ERSPAN's T bit), or only its first IP fragment is here. */
  isTruncated: boolean;
  isFragment: boolean;
  /** What left the port (ERSPAN III). */
  isEgress: boolean;
  /** First byte of the outer source address, and 4 or 16; the destination follows. */
  addressAt: number;
  addressBytes: number;
}

export function newEncapsulation(): Encapsulation {
  return {
    type: 0,
    start: 0,
    end: 0,
    id: -1,
    sequence: -1,
    isTruncated: false,
    isFragment: false,
    isEgress: false,
    addressAt: 0,
    addressBytes: 4,
  };
}

/**
 * `nothing`; `inside`: `out` says where; `fragment`: a later IP fragment of GRE, which does not show what it carries.
 */
export type Located = 'nothing' | 'inside' | 'fragment';

const MOST_EXTENSIONS = 8;

/** What a classified frame carries. Allocates nothing; bytes outside of the packet are not read. */
export function locate(b: Uint8Array, frame: Classification, out: Encapsulation): Located {
  const at = frame.bodyStart;
  const end = at + frame.bodyLength;
  if (frame.etherType === 0x0800) {
    if (end - at < 20 || (b[at] as number) >> 4 !== 4) return 'nothing';
    const protocol = b[at + 9] as number;
    if (protocol !== 47 && protocol !== 17) return 'nothing';
    const part = u16(b, at + 6) & 0x3fff;
    if ((part & 0x1fff) !== 0) return protocol === 47 ? 'fragment' : 'nothing';
    out.isFragment = part !== 0;
    out.addressAt = at + 12;
    out.addressBytes = 4;
    return upper(b, protocol, at + (((b[at] as number) & 15) << 2), end, out);
  }
  if (frame.etherType !== 0x86dd || end - at < 40 || (b[at] as number) >> 4 !== 6) return 'nothing';
  let next = b[at + 6] as number;
  let from = at + 40;
  out.isFragment = false;
  // Linux puts destination options with the tunnel encapsulation limit (RFC 2473) there.
  for (let i = 0; (next === 0 || next === 43 || next === 44 || next === 60) && i < MOST_EXTENSIONS; i++) {
    if (end - from < 8) return 'nothing';
    const isPart = next === 44 && (u16(b, from + 2) & 0xfff9) !== 0;
    const isLater = next === 44 && (u16(b, from + 2) & 0xfff8) !== 0;
    const size = next === 44 ? 8 : ((b[from + 1] as number) + 1) << 3;
    next = b[from] as number;
    if (isLater) return next === 47 ? 'fragment' : 'nothing';
    if (isPart) out.isFragment = true;
    from += size;
  }
  if (next !== 47 && next !== 17) return 'nothing';
  out.addressAt = at + 8;
  out.addressBytes = 16;
  return upper(b, next, from, end, out);
}

function upper(b: Uint8Array, protocol: number, at: number, end: number, out: Encapsulation): Located {
  out.id = out.sequence = -1;
  out.isTruncated = out.isFragment;
  out.isEgress = false;
  out.end = end;
  const isInside = protocol === 47 ? gre(b, at, end, out) : udp(b, at, end, out);
  return isInside && out.start < out.end ? 'inside' : 'nothing';
}

function gre(b: Uint8Array, from: number, end: number, out: Encapsulation): boolean {
  if (end - from < 4) return false;
  const flags = u16(b, from);
  const protocol = u16(b, from + 2);
  if ((flags & 7) !== 0 || (protocol !== 0x88be && protocol !== 0x22eb && protocol !== 0x6558)) return false;
  let at = from + 4 + ((flags & 0xc000) === 0 ? 0 : 4);
  const keyAt = at;
  if ((flags & 0x2000) !== 0) at += 4;
  const sequenceAt = at;
  if ((flags & 0x1000) !== 0) at += 4;
  if (at > end) return false;
  if ((flags & 0x1000) !== 0) out.sequence = u32(b, sequenceAt);
  if (protocol === 0x6558) {
    out.type = GRE;
    if ((flags & 0x2000) !== 0) out.id = u32(b, keyAt);
    out.start = at;
    return true;
  }
  if (protocol === 0x88be && (flags & 0x1000) === 0) {
    out.type = ERSPAN_1;
    out.start = at;
    return true;
  }
  if (end - at < 8) return false;
  const version = (b[at] as number) >> 4;
  const word = u16(b, at + 2);
  out.id = word & 0x3ff;
  if ((word & 0x0400) !== 0) out.isTruncated = true;
  if (version === 1 && protocol === 0x88be) {
    out.type = ERSPAN_2;
    out.start = at + 8;
    return true;
  }
  if (version !== 2 || end - at < 12) return false;
  const last = u16(b, at + 10);
  // Frame type 0 is Ethernet; the others carry packets without any MAC.
  if (((last >> 10) & 0x1f) !== 0) return false;
  out.type = ERSPAN_3;
  out.isEgress = (last & 0x08) !== 0;
  out.start = at + 12 + ((last & 0x01) === 0 ? 0 : 8);
  return true;
}

function udp(b: Uint8Array, at: number, end: number, out: Encapsulation): boolean {
  if (end - at < 16) return false;
  const port = u16(b, at + 2);
  const length = u16(b, at + 4);
  const body = at + 8;
  if (length >= 8 && at + length < end) out.end = at + length;
  switch (port) {
    case 4789:
    case 8472:
      if (((b[body] as number) & 0x08) === 0) return false;
      out.type = VXLAN;
      break;
    case 4790:
      // Generic protocol extension: next protocol 3 is Ethernet.
      if (((b[body] as number) & 0x0c) !== 0x0c || b[body + 3] !== 3) return false;
      out.type = VXLAN;
      break;
    case 6081:
      if ((b[body] as number) >> 6 !== 0 || u16(b, body + 2) !== 0x6558) return false;
      out.type = GENEVE;
      out.id = u32(b, body + 4) >>> 8;
      out.start = body + 8 + (((b[body] as number) & 0x3f) << 2);
      return true;
    case 37008:
      return tzsp(b, body, out);
    default:
      return false;
  }
  out.id = u32(b, body + 4) >>> 8;
  out.start = body + 8;
  return true;
}

/** Version 1, a packet that was received or sent, Ethernet; tagged fields up to the end tag. */
function tzsp(b: Uint8Array, body: number, out: Encapsulation): boolean {
  if (b[body] !== 1 || (b[body + 1] as number) > 1 || u16(b, body + 2) !== 1) return false;
  out.type = TZSP;
  out.isEgress = false;
  let at = body + 4;
  while (at < out.end && b[at] !== 1) at += b[at] === 0 ? 1 : 2 + (b[at + 1] ?? 0);
  out.start = at + 1;
  return at < out.end;
}

function u16(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

function u32(b: Uint8Array, at: number): number {
  return (
    (((b[at] as number) << 24) |
      ((b[at + 1] as number) << 16) |
      ((b[at + 2] as number) << 8) |
      (b[at + 3] as number)) >>>
    0
  );
}
