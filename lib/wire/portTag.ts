import { DSA_BYTES, isDsaTagged, isFromCpu, writeVlanTag } from './dsaTag.js';
import { isVlanTpid } from './ethernet.js';

/**
 * Headers that a switch and a port extender, an adapter or a switch chip exchange, after the MAC addresses. They name
 * ports and say nothing about the frame: 802.1BR's E-tag (0x893f and six bytes), Cisco's VN-tag (0x8926 and four),
 * Marvell's DSA tag with an EtherType (0xdada, two reserved bytes and the tag; Linux net/dsa/tag_dsa.c).
 */
const E_TAG = 0x893f;
const VN_TAG = 0x8926;
const EDSA = 0xdada;
const E_TAG_BYTES = 8;
const VN_TAG_BYTES = 6;
const EDSA_BYTES = 8;

/** Whether an EtherType begins a port tag. */
export function isPortTag(etherType: number): boolean {
  return etherType === E_TAG || etherType === VN_TAG || etherType === EDSA;
}

/** Port tags of one frame that are skipped before giving up: more than any switch adds. */
export const MOST_PORT_TAGS = 4;

/**
 * Writes the frame of `length` bytes at `start` without the port tag whose EtherType is at `at` to `out`, which may be
 * `bytes` itself when `start` is 0. A VLAN tag that DSA holds comes back. Returns the new length; 0 = the tag, or what
 * must follow it, is cut off.
 */
export function withoutPortTag(bytes: Uint8Array, start: number, length: number, at: number, out: Uint8Array): number {
  const end = start + length;
  const etherType = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  const size = etherType === E_TAG ? E_TAG_BYTES : etherType === VN_TAG ? VN_TAG_BYTES : EDSA_BYTES;
  // A tag is followed by at least an EtherType.
  if (at + size + 2 > end) return 0;
  const tag = at + EDSA_BYTES - DSA_BYTES;
  const hasVlan = etherType === EDSA && isDsaTagged(bytes, tag);
  const kept = hasVlan ? DSA_BYTES : 0;
  if (hasVlan) writeVlanTag(bytes, tag, vlan, 0);
  const head = at - start;
  if (out !== bytes || start !== 0) out.set(bytes.subarray(start, at), 0);
  out.set(bytes.subarray(at + size, end), head + kept);
  if (hasVlan) out.set(vlan, head);
  return length - size + kept;
}

const vlan = new Uint8Array(DSA_BYTES);

/** Whether a switch's own CPU sent the frame whose port tag is at `at`: no port received it. Only DSA tells. */
export function isOutgoingTag(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === EDSA >> 8 && at + EDSA_BYTES <= end && isFromCpu(bytes, at + EDSA_BYTES - DSA_BYTES);
}

/** A frame without any port tag, for display. */
export function plainOf(frame: Uint8Array): Uint8Array {
  let plain = frame;
  for (let tags = 0; tags < MOST_PORT_TAGS; tags++) {
    const at = behindVlanTags(plain);
    if (at + 2 > plain.length || !isPortTag(((plain[at] as number) << 8) | (plain[at + 1] as number))) return plain;
    const out = new Uint8Array(plain.length);
    const left = withoutPortTag(plain, 0, plain.length, at, out);
    if (left === 0) return plain;
    plain = out.subarray(0, left);
  }
  return plain;
}

function behindVlanTags(frame: Uint8Array): number {
  let at = 12;
  while (at + 4 <= frame.length && isVlanTpid(((frame[at] as number) << 8) | (frame[at + 1] as number))) at += 4;
  return at;
}
