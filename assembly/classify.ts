/**
 * What an Ethernet frame is: ARP, IPv4 and IPv6, behind VLAN tags or none, as lib/wire/classify.ts has it, whose comments
 * give the reasons. Everything else is left to that file.
 */
import { u16At, u32At, u8At } from './bytes';
import * as KIND from './kinds';

export const ARP: i32 = 0x0806;
export const IPV4: i32 = 0x0800;
export const IPV6: i32 = 0x86dd;

/** Results of the last `classify`: the fields of a Classification. */
export let kind: i32 = 0;
/** 0, 1, or 2 for two and more. */
export let tagCount: i32 = 0;
export let etherType: i32 = 0;
/** Address of the first byte after the EtherType, and bytes of the network packet that were captured. */
export let bodyStart: i32 = 0;
export let bodyLength: i32 = 0;
export let isNeighbor: bool = false;

const ETHERNET_HEADER: i32 = 14;
const MAX_TAGS: i32 = 8;
const MAX_EXTENSIONS: i32 = 8;

function isVlanTpid(type: i32): bool {
  return type >= 0x8100 && (type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200 || type == 0x9300);
}

/** Classifies the frame of `length` bytes at `start`; false where it is none of these. */
export function classify(start: i32, length: i32): bool {
  if (length < ETHERNET_HEADER) return false;
  const end = start + length;
  let at = start + 12;
  let type = u16At(at);
  let tags: i32 = 0;
  for (; isVlanTpid(type) && tags < MAX_TAGS && at + 6 <= end; tags++) {
    at += 4;
    type = u16At(at);
  }
  at += 2;
  tagCount = min(tags, 2);
  etherType = type;
  bodyStart = at;
  bodyLength = end - at;
  isNeighbor = false;
  if (type == ARP) {
    if (bodyLength > 28) bodyLength = 28;
    isNeighbor = true;
    kind = arpKind(at, end, u8At(start) & 1);
    return true;
  }
  if (type == IPV6) {
    kind = ipv6Kind(at, end);
    return true;
  }
  if (type == IPV4) {
    kind = ipv4Kind(at, end);
    return true;
  }
  return false;
}

function arpKind(at: i32, end: i32, toGroup: i32): i32 {
  if (end - at < 28 || u32At(at) != 0x00010800 || u16At(at + 4) != 0x0604) return KIND.ARP_OTHER;
  const operation = u16At(at + 6);
  const sender = u32At(at + 14);
  const target = u32At(at + 24);
  if (operation == 1) {
    if (sender == 0) return KIND.ARP_PROBE;
    if (sender == target) return u32At(at + 18) == 0 && u16At(at + 22) == 0 ? KIND.ARP_ANNOUNCEMENT : KIND.GARP_REQUEST;
    return toGroup == 1 ? KIND.ARP_REQUEST_BROADCAST : KIND.ARP_REQUEST_UNICAST;
  }
  if (operation == 2) {
    if (sender == target) return KIND.GARP_REPLY;
    return toGroup == 1 ? KIND.ARP_OTHER : KIND.ARP_REPLY_UNICAST;
  }
  return KIND.ARP_OTHER;
}

function ipv4Kind(at: i32, end: i32): i32 {
  if (end - at < 20 || u8At(at) >> 4 != 4) return KIND.DATA_OTHER;
  const header = (u8At(at) & 0x0f) << 2;
  const total = u16At(at + 2);
  if (header < 20 || total < header) return KIND.DATA_OTHER;
  if (total < bodyLength) bodyLength = total;
  const stop = at + bodyLength;
  const protocol = u8At(at + 9);
  const upper = at + header;
  const isLater = (u16At(at + 6) & 0x1fff) != 0;
  if (protocol == 6) return KIND.DATA_TCP;
  if (protocol == 17) return isLater ? KIND.DATA_UDP : udpKind(upper, stop, 67, 68);
  if (protocol != 1 || isLater || upper >= stop) return KIND.DATA_OTHER;
  const type = u8At(upper);
  if (type == 8 || type == 0) return KIND.DATA_ECHO;
  return type == 135 || type == 136 ? KIND.NEAR_MISS_ICMP4 : KIND.DATA_OTHER;
}

function udpKind(at: i32, end: i32, dhcpA: i32, dhcpB: i32): i32 {
  if (end - at < 8) return KIND.DATA_UDP;
  const source = u16At(at);
  const destination = u16At(at + 2);
  if (destination == dhcpA || destination == dhcpB)
    return source == dhcpA || source == dhcpB ? KIND.DATA_DHCP : KIND.DATA_UDP;
  if (destination == 5353) return KIND.DATA_MDNS;
  if (end - at >= 36 && u32At(at + 8) == 0x00010800 && u16At(at + 12) == 0x0604) return KIND.NEAR_MISS_UDP_ARP;
  return KIND.DATA_UDP;
}

function ipv6Kind(start: i32, end: i32): i32 {
  if (end - start < 40 || u8At(start) >> 4 != 6) return KIND.DATA_OTHER;
  const total = 40 + u16At(start + 4);
  if (total < bodyLength) bodyLength = total;
  const stop = start + bodyLength;
  let next = u8At(start + 6);
  let at = start + 40;
  let extensions: i32 = 0;
  let isFragment = false;
  while (next == 0 || next == 43 || next == 44 || next == 60) {
    if (extensions++ == MAX_EXTENSIONS || stop - at < 8) return KIND.DATA_OTHER;
    if (next == 44) {
      isFragment = true;
      if ((u16At(at + 2) & 0xfff8) != 0) return laterFragment(u8At(at));
      next = u8At(at);
      at += 8;
    } else {
      next = u8At(at);
      at += (u8At(at + 1) + 1) << 3;
    }
  }
  if (next == 58) return at < stop ? icmpv6Kind(start, at, stop, extensions, isFragment) : KIND.DATA_OTHER;
  if (next == 6)
    return extensions == 0 && at < stop && (u8At(at) == 135 || u8At(at) == 136) ? KIND.NEAR_MISS_TCP6 : KIND.DATA_TCP;
  if (next == 17) return udpKind(at, stop, 546, 547);
  return KIND.DATA_OTHER;
}

function laterFragment(next: i32): i32 {
  return next == 6 ? KIND.DATA_TCP : next == 17 ? KIND.DATA_UDP : KIND.DATA_OTHER;
}

function icmpv6Kind(ip: i32, at: i32, end: i32, extensions: i32, isFragment: bool): i32 {
  const type = u8At(at);
  if (type < 133 || type > 137) {
    if (type == 128 || type == 129) return KIND.DATA_ECHO6;
    return type == 143 || type == 131 || type == 132 ? KIND.MLD_REPORT : KIND.DATA_OTHER;
  }
  if (isFragment) return type == 135 || type == 136 ? KIND.NS_FRAGMENT : KIND.ND_MALFORMED;
  const fixed: i32 = type == 133 ? 8 : type == 134 ? 16 : type == 137 ? 40 : 24;
  if (end - at < fixed || u8At(at + 1) != 0 || u8At(ip + 7) != 255) return KIND.ND_MALFORMED;
  const options = ndOptions(at + fixed, end);
  if (options < 0) return KIND.ND_MALFORMED;
  if (type == 133) return KIND.RS;
  if (type == 134) return KIND.RA;
  if (type == 137) return KIND.REDIRECT;
  if (u8At(at + 8) == 0xff) return KIND.ND_MALFORMED;
  const toGroup = u8At(ip + 24) == 0xff;
  let found: i32;
  if (type == 136) {
    const isSolicited = (u8At(at + 4) & 0x40) != 0;
    if (isSolicited && toGroup) return KIND.ND_MALFORMED;
    found = isSolicited ? KIND.NA_SOLICITED : KIND.NA_UNSOLICITED;
  } else if ((load<u64>(ip + 8) | load<u64>(ip + 16)) == 0) {
    if (!isSolicitedNode(ip + 24) || (options & HAS_SOURCE) != 0) return KIND.ND_MALFORMED;
    found = (options & HAS_NONCE) != 0 ? KIND.NS_DAD_NONCE : KIND.NS_DAD;
  } else found = toGroup ? KIND.NS_MULTICAST : KIND.NS_UNICAST;
  isNeighbor = true;
  return extensions == 0 ? found : KIND.NS_EXT_HEADER;
}

const HAS_SOURCE: i32 = 1;
const HAS_NONCE: i32 = 2;

/** Which of the options that matter are there, or -1 when one has length 0 or runs over the packet. */
function ndOptions(from: i32, end: i32): i32 {
  let found: i32 = 0;
  let at = from;
  while (at + 2 <= end) {
    const size = u8At(at + 1) << 3;
    if (size == 0 || at + size > end) return -1;
    const type = u8At(at);
    if (type == 1) found |= HAS_SOURCE;
    else if (type == 14) found |= HAS_NONCE;
    at += size;
  }
  return found;
}

function isSolicitedNode(at: i32): bool {
  return u32At(at) == 0xff020000 && u32At(at + 4) == 0 && u32At(at + 8) == 1 && u8At(at + 12) == 0xff;
}

/** Ports of VXLAN, its generic extension, Geneve and TZSP (lib/wire/encapsulation.ts). */
function isTunnelPort(port: i32): bool {
  return port == 4789 || port == 8472 || port == 4790 || port == 6081 || port == 37008;
}

/** Whether the frame that was just classified, which is UDP, may carry another one: said too often rather than too rarely. */
export function mayCarry(): bool {
  const at = bodyStart;
  if (etherType == IPV4) {
    const upper = at + ((u8At(at) & 0x0f) << 2);
    return upper + 4 <= at + bodyLength && isTunnelPort(u16At(upper + 2));
  }
  return u8At(at + 6) != 17 || (bodyLength >= 44 && isTunnelPort(u16At(at + 42)));
}
