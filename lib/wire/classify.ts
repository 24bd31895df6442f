/**
 * What a frame is, decided from its bytes alone. This is the hot path of the judge: integer arithmetic, no allocation,
 * no exception on any bytes. Checksums are not verified here.
 *
 * Rules that the standards leave open:
 * - A gratuitous request and an announcement are both "op 1, sender = target". RFC 5227 builds the announcement from
 * the probe, so a zero target hardware address is an announcement; any other is a gratuitous request.
 * - Only the first fragment shows what it carries; later ones are data.
 * - NS or NA behind an extension header is `ns-ext-header`, behind a fragment header `ns-fragment`, whatever else it
 * is.
 * - A TCP segment over IPv6 whose source port is 0x87xx or 0x88xx is a near miss even if nobody made it on purpose.
 * - A SNAP header (RFC 1042) in front of the EtherType is looked through, as VLAN tags are.
 */
import { isVlanTpid } from './ethernet.js';
import { KINDS, type KindId } from './kinds.js';

/** Reused between calls; every call of `classify` sets all fields. */
export interface Classification {
  /** Index in KINDS. */
  kind: number;
  /** VLAN tags: 0, 1, or 2 for two and more. */
  tagCount: number;
  /** TPID << 16 | TCI of the two outermost ones, as an unsigned number; 0 when absent. */
  tag0: number;
  tag1: number;
  /** EtherType after the tags, or in the SNAP header there; below 0x0600 it is an 802.3 length. */
  etherType: number;
  /** Index of the first byte after the EtherType. */
  bodyStart: number;
  /** Bytes of the network packet that were captured: the Ethernet trailer is not counted. */
  bodyLength: number;
  /** ARP in any form, or a well-formed NS or NA (also behind extension headers, not in fragments). */
  isNeighbor: boolean;
  /** First two bytes and last four bytes of each MAC, unsigned. */
  sourceHigh: number;
  sourceLow: number;
  destinationHigh: number;
  destinationLow: number;
}

export function newClassification(): Classification {
  // The low words start beyond 2^31 so that the engine stores them as doubles from the start and never reshapes the
  // record.
  return {
    kind: 0,
    tagCount: 0,
    tag0: 0xffffffff,
    tag1: 0xffffffff,
    etherType: 0,
    bodyStart: 0,
    bodyLength: 0,
    isNeighbor: false,
    sourceHigh: 0,
    sourceLow: 0xffffffff,
    destinationHigh: 0,
    destinationLow: 0xffffffff,
  };
}

/** Index of a kind in KINDS. */
export function kindCode(id: KindId): number {
  return KINDS.findIndex((entry) => entry.id === id);
}

const ARP_REQUEST_BROADCAST = kindCode('arp-request-broadcast');
const ARP_REQUEST_UNICAST = kindCode('arp-request-unicast');
const ARP_REPLY_UNICAST = kindCode('arp-reply-unicast');
const GARP_REQUEST = kindCode('garp-request');
const GARP_REPLY = kindCode('garp-reply');
const ARP_PROBE = kindCode('arp-probe');
const ARP_ANNOUNCEMENT = kindCode('arp-announcement');
const ARP_OTHER = kindCode('arp-other');
const RARP = kindCode('rarp');
const NS_MULTICAST = kindCode('ns-multicast');
const NS_DAD = kindCode('ns-dad');
const NS_DAD_NONCE = kindCode('ns-dad-nonce');
const NS_UNICAST = kindCode('ns-unicast');
const NA_SOLICITED = kindCode('na-solicited');
const NA_UNSOLICITED = kindCode('na-unsolicited');
const RS = kindCode('rs');
const RA = kindCode('ra');
const REDIRECT = kindCode('redirect');
const MLD_REPORT = kindCode('mld-report');
const NS_EXT_HEADER = kindCode('ns-ext-header');
const NS_FRAGMENT = kindCode('ns-fragment');
const ND_MALFORMED = kindCode('nd-malformed');
const DATA_TCP = kindCode('data-tcp');
const DATA_UDP = kindCode('data-udp');
const DATA_ECHO = kindCode('data-echo');
const DATA_ECHO6 = kindCode('data-echo6');
const DATA_DHCP = kindCode('data-dhcp');
const DATA_MDNS = kindCode('data-mdns');
const DATA_OTHER = kindCode('data-other');
const NEAR_MISS_UDP_ARP = kindCode('near-miss-udp-arp');
const NEAR_MISS_TCP6 = kindCode('near-miss-tcp6-135');
const NEAR_MISS_ICMP4 = kindCode('near-miss-icmp4-135');
const NEAR_MISS_0805 = kindCode('near-miss-ethertype-0805');
const NEAR_MISS_0807 = kindCode('near-miss-ethertype-0807');
const LACPDU = kindCode('lacpdu');
const LLDP = kindCode('lldp');
const CANARY = kindCode('canary');

/** VLAN tags that are looked through before giving up: more than any network stacks. */
const MAX_TAGS = 8;

/** Bytes of the LLC and SNAP headers, RFC 1042. */
const SNAP_HEADER = 8;

/** Extension headers that are walked before giving up: more than any stack makes. */
const MAX_EXTENSIONS = 8;

/**
 * Fills `out` for the frame of `length` captured bytes at `start` and returns its kind's code. `start + length` must
 * not exceed `bytes.length`. A frame shorter than an Ethernet header is data-other with MACs 0.
 */
export function classify(bytes: Uint8Array, start: number, length: number, out: Classification): number {
  const end = start + length;
  out.tagCount = 0;
  out.tag0 = 0;
  out.tag1 = 0;
  out.isNeighbor = false;
  if (length < 14) {
    out.etherType = 0;
    out.bodyStart = end;
    out.bodyLength = 0;
    out.sourceHigh = out.sourceLow = out.destinationHigh = out.destinationLow = 0;
    return (out.kind = DATA_OTHER);
  }
  out.destinationHigh = u16(bytes, start);
  out.destinationLow = u32(bytes, start + 2);
  out.sourceHigh = u16(bytes, start + 6);
  out.sourceLow = u32(bytes, start + 8);
  let at = start + 12;
  let etherType = u16(bytes, at);
  for (let tags = 0; isVlanTpid(etherType) && tags < MAX_TAGS && at + 6 <= end; tags++) {
    if (tags === 0) out.tag0 = u32(bytes, at);
    else if (tags === 1) out.tag1 = u32(bytes, at);
    out.tagCount = tags === 0 ? 1 : 2;
    at += 4;
    etherType = u16(bytes, at);
  }
  return networkKind(bytes, start, etherType, at + 2, end, out);
}

/** Classifies what follows an EtherType; its packet begins at `at`. */
function networkKind(
  bytes: Uint8Array,
  start: number,
  etherType: number,
  at: number,
  end: number,
  out: Classification,
): number {
  out.etherType = etherType;
  out.bodyStart = at;
  out.bodyLength = end - at;
  switch (etherType) {
    case 0x0806:
      if (out.bodyLength > 28) out.bodyLength = 28;
      out.isNeighbor = true;
      return (out.kind = arpKind(bytes, at, end, (bytes[start] as number) & 1));
    case 0x86dd:
      return (out.kind = ipv6Kind(bytes, at, end, out));
    case 0x0800:
      return (out.kind = ipv4Kind(bytes, at, end, out));
    case 0x8035:
      if (out.bodyLength > 28) out.bodyLength = 28;
      return (out.kind = RARP);
    case 0x0805:
      return (out.kind = NEAR_MISS_0805);
    case 0x0807:
      return (out.kind = NEAR_MISS_0807);
    case 0x8809:
      return (out.kind = at < end && bytes[at] === 1 ? LACPDU : DATA_OTHER);
    case 0x88cc:
      return (out.kind = LLDP);
    case 0x88b5:
      return (out.kind = CANARY);
    default:
      if (etherType >= 0x0600) return (out.kind = DATA_OTHER);
      if (etherType < out.bodyLength) out.bodyLength = etherType;
      if (!isSnap(bytes, at, out.bodyLength)) return (out.kind = DATA_OTHER);
      return networkKind(bytes, start, u16(bytes, at + 6), at + SNAP_HEADER, at + out.bodyLength, out);
  }
}

/**
 * Whether an 802.3 frame carries an EtherType: SNAP of the null OUI (RFC 1042) or of bridges (802.1H). A value there
 * that is a length is no EtherType.
 */
function isSnap(b: Uint8Array, at: number, length: number): boolean {
  if (length < SNAP_HEADER || u16(b, at) !== 0xaaaa || u16(b, at + 2) !== 0x0300) return false;
  const oui = u16(b, at + 4);
  return (oui === 0x0000 || oui === 0x00f8) && u16(b, at + 6) >= 0x0600;
}

function arpKind(b: Uint8Array, at: number, end: number, toGroup: number): number {
  // Ethernet, IPv4, 6, 4: RFC 826
  if (end - at < 28 || u32(b, at) !== 0x00010800 || u16(b, at + 4) !== 0x0604) return ARP_OTHER;
  const operation = u16(b, at + 6);
  const sender = u32(b, at + 14);
  const target = u32(b, at + 24);
  if (operation === 1) {
    if (sender === 0) return ARP_PROBE;
    if (sender === target) return u32(b, at + 18) === 0 && u16(b, at + 22) === 0 ? ARP_ANNOUNCEMENT : GARP_REQUEST;
    return toGroup === 1 ? ARP_REQUEST_BROADCAST : ARP_REQUEST_UNICAST;
  }
  if (operation === 2) {
    if (sender === target) return GARP_REPLY;
    return toGroup === 1 ? ARP_OTHER : ARP_REPLY_UNICAST;
  }
  return ARP_OTHER;
}

function ipv4Kind(b: Uint8Array, at: number, end: number, out: Classification): number {
  if (end - at < 20 || (b[at] as number) >> 4 !== 4) return DATA_OTHER;
  const header = ((b[at] as number) & 0x0f) << 2;
  const total = u16(b, at + 2);
  if (header < 20 || total < header) return DATA_OTHER;
  if (total < out.bodyLength) out.bodyLength = total;
  const stop = at + out.bodyLength;
  const protocol = b[at + 9] as number;
  const upper = at + header;
  const laterFragment = (u16(b, at + 6) & 0x1fff) !== 0;
  if (protocol === 6) return DATA_TCP;
  if (protocol === 17) return laterFragment ? DATA_UDP : udpKind(b, upper, stop, 67, 68);
  if (protocol !== 1 || laterFragment || upper >= stop) return DATA_OTHER;
  const type = b[upper] as number;
  if (type === 8 || type === 0) return DATA_ECHO;
  return type === 135 || type === 136 ? NEAR_MISS_ICMP4 : DATA_OTHER;
}

function udpKind(b: Uint8Array, at: number, end: number, dhcpA: number, dhcpB: number): number {
  if (end - at < 8) return DATA_UDP;
  const source = u16(b, at);
  const destination = u16(b, at + 2);
  if (destination === dhcpA || destination === dhcpB)
    return source === dhcpA || source === dhcpB ? DATA_DHCP : DATA_UDP;
  if (destination === 5353) return DATA_MDNS;
  if (end - at >= 36 && u32(b, at + 8) === 0x00010800 && u16(b, at + 12) === 0x0604) return NEAR_MISS_UDP_ARP;
  return DATA_UDP;
}

function ipv6Kind(b: Uint8Array, start: number, end: number, out: Classification): number {
  if (end - start < 40 || (b[start] as number) >> 4 !== 6) return DATA_OTHER;
  const total = 40 + u16(b, start + 4);
  if (total < out.bodyLength) out.bodyLength = total;
  const stop = start + out.bodyLength;
  let next = b[start + 6] as number;
  let at = start + 40;
  let extensions = 0;
  let fragment = false;
  // Hop-by-hop, routing, fragment, destination options; RFC 8200 4.
  while (next === 0 || next === 43 || next === 44 || next === 60) {
    if (extensions++ === MAX_EXTENSIONS || stop - at < 8) return DATA_OTHER;
    if (next === 44) {
      fragment = true;
      if ((u16(b, at + 2) & 0xfff8) !== 0) return laterFragment(b[at] as number);
      next = b[at] as number;
      at += 8;
    } else {
      next = b[at] as number;
      at += ((b[at + 1] as number) + 1) << 3;
    }
  }
  if (next === 58) return at < stop ? icmpv6Kind(b, start, at, stop, extensions, fragment, out) : DATA_OTHER;
  if (next === 6)
    return extensions === 0 && at < stop && ((b[at] as number) === 135 || (b[at] as number) === 136)
      ? NEAR_MISS_TCP6
      : DATA_TCP;
  if (next === 17) return udpKind(b, at, stop, 546, 547);
  return DATA_OTHER;
}

function laterFragment(next: number): number {
  return next === 6 ? DATA_TCP : next === 17 ? DATA_UDP : DATA_OTHER;
}

function icmpv6Kind(
  b: Uint8Array,
  ip: number,
  at: number,
  end: number,
  extensions: number,
  fragment: boolean,
  out: Classification,
): number {
  const type = b[at] as number;
  if (type < 133 || type > 137) {
    if (type === 128 || type === 129) return DATA_ECHO6;
    return type === 143 || type === 131 || type === 132 ? MLD_REPORT : DATA_OTHER;
  }
  if (fragment) return type === 135 || type === 136 ? NS_FRAGMENT : ND_MALFORMED;
  // RFC 4861 6.1.1, 6.1.2, 7.1.1, 7.1.2, 8.1: code 0, hop limit 255, shortest length, options of non-zero length.
  const fixed = type === 133 ? 8 : type === 134 ? 16 : type === 137 ? 40 : 24;
  if (end - at < fixed || (b[at + 1] as number) !== 0 || (b[ip + 7] as number) !== 255) return ND_MALFORMED;
  const options = ndOptions(b, at + fixed, end);
  if (options < 0) return ND_MALFORMED;
  if (type === 133) return RS;
  if (type === 134) return RA;
  if (type === 137) return REDIRECT;
  if ((b[at + 8] as number) === 0xff) return ND_MALFORMED; // the target must not be multicast
  const toGroup = (b[ip + 24] as number) === 0xff;
  let kind: number;
  if (type === 136) {
    const solicited = ((b[at + 4] as number) & 0x40) !== 0;
    if (solicited && toGroup) return ND_MALFORMED;
    kind = solicited ? NA_SOLICITED : NA_UNSOLICITED;
  } else if (isUnspecified(b, ip + 8)) {
    if (!isSolicitedNode(b, ip + 24) || (options & HAS_SOURCE) !== 0) return ND_MALFORMED;
    kind = (options & HAS_NONCE) !== 0 ? NS_DAD_NONCE : NS_DAD;
  } else kind = toGroup ? NS_MULTICAST : NS_UNICAST;
  out.isNeighbor = true;
  return extensions === 0 ? kind : NS_EXT_HEADER;
}

const HAS_SOURCE = 1;
const HAS_NONCE = 2;

/** Which of the options that matter are there, or -1 when one has length 0 or runs over the packet. */
function ndOptions(b: Uint8Array, from: number, end: number): number {
  let found = 0;
  let at = from;
  while (at + 2 <= end) {
    const size = (b[at + 1] as number) << 3;
    if (size === 0 || at + size > end) return -1;
    const type = b[at] as number;
    if (type === 1) found |= HAS_SOURCE;
    else if (type === 14) found |= HAS_NONCE;
    at += size;
  }
  return found;
}

function isUnspecified(b: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 16; i++) if (b[i] !== 0) return false;
  return true;
}

/** ff02::1:ff00:0/104 */
function isSolicitedNode(b: Uint8Array, at: number): boolean {
  return u32(b, at) === 0xff020000 && u32(b, at + 4) === 0 && u32(b, at + 8) === 1 && (b[at + 12] as number) === 0xff;
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
