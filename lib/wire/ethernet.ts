import type { VlanTag, VlanTpid } from './frame.js';
import { WireError } from './error.js';
import { TOKEN_BYTES, writeToken } from './token.js';

/** Shortest frame without FCS (IEEE 802.3). */
export const MINIMUM_FRAME = 60;
export const ETHERNET_HEADER = 14;

export const ETHERTYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  vlan: 0x8100,
  ipv6: 0x86dd,
  slow: 0x8809,
  qinq: 0x88a8,
  /** IEEE Std 802, local experimental EtherTypes 1 and 2. */
  control: 0x88b5,
  experimental: 0x88b6,
  lldp: 0x88cc,
} as const;

/** Whether an EtherType marks a VLAN tag. */
export function isVlanTpid(etherType: number): etherType is VlanTpid {
  // Everything but IPv6 is decided by the first comparison.
  return (
    etherType >= 0x8100 &&
    (etherType === 0x8100 ||
      etherType === 0x88a8 ||
      etherType === 0x9100 ||
      etherType === 0x9200 ||
      etherType === 0x9300)
  );
}

/** A network packet and its destination. */
export interface Addressed {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly etherType: number;
  readonly packet: Uint8Array;
}

/** Header + packet, zero-padded to at least `atLeast` bytes. */
export function ethernetFrame(parts: Addressed, atLeast = MINIMUM_FRAME): Uint8Array {
  const frame = new Uint8Array(Math.max(atLeast, ETHERNET_HEADER + parts.packet.length));
  frame.set(parts.destination, 0);
  frame.set(parts.source, 6);
  frame[12] = parts.etherType >> 8;
  frame[13] = parts.etherType;
  frame.set(parts.packet, ETHERNET_HEADER);
  return frame;
}

/** Like `ethernetFrame`, with the token in the trailer: after the packet, so that no length or checksum covers it. */
export function frameWithTrailerToken(parts: Addressed, salt: number, id: number, atLeast = MINIMUM_FRAME): Uint8Array {
  const frame = ethernetFrame(
    parts,
    Math.max(atLeast, MINIMUM_FRAME, ETHERNET_HEADER + parts.packet.length + TOKEN_BYTES),
  );
  writeToken(frame, salt, id);
  return frame;
}

/** Inserts tags after the MAC addresses, outermost first. Throws WireError when a field does not fit. */
export function withTags(frame: Uint8Array, tags: readonly VlanTag[]): Uint8Array {
  if (tags.length === 0) return frame;
  if (frame.length < 12) throw new WireError('frame is too short to be tagged', frame.length);
  const out = new Uint8Array(frame.length + 4 * tags.length);
  out.set(frame.subarray(0, 12), 0);
  tags.forEach((tag, index) => {
    if (!Number.isInteger(tag.vid) || tag.vid < 0 || tag.vid > 4095)
      throw new WireError(`VLAN id ${tag.vid} is not 0..4095`);
    if (!Number.isInteger(tag.pcp) || tag.pcp < 0 || tag.pcp > 7)
      throw new WireError(`priority ${tag.pcp} is not 0..7`);
    const tci = (tag.pcp << 13) | (tag.dei ? 0x1000 : 0) | tag.vid;
    out.set([tag.tpid >> 8, tag.tpid & 0xff, tci >> 8, tci & 0xff], 12 + 4 * index);
  });
  out.set(frame.subarray(12), 12 + 4 * tags.length);
  return out;
}
