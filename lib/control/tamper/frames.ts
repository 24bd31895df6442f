/**
 * Frames by what is on the wire, as nft(8) expressions for a netdev hook: a frame that matches any of them is meant.
 * All by raw offsets, in two forms each, because a tag may be in the frame's bytes (AF_PACKET senders, Open vSwitch's
 * userspace datapath) or in metadata (bridges, VLAN devices): "ether type arp" and "icmpv6 type" miss tagged frames of
 * one sort or the other, raw offsets see both (net/netfilter/nft_payload.c).
 */
export type Frames = readonly string[];

/** Bytes of an 802.1Q tag. */
const TAG = 4;

/** `count` bytes of the frame from byte `at`, counted from 0. */
export const bytes = (at: number, count: number): string => `@ll,${at * 8},${count * 8}`;

const TYPE = bytes(12, 2);
const IS_TAGGED = `${TYPE} 0x8100`;

/** The same without and with one tag; `shift` is how many bytes later everything after the MACs begins. */
const both = (build: (shift: number) => string): Frames => [build(0), `${IS_TAGGED} ${build(TAG)}`];

const IS_IPV6 = '0x86dd';

const etherType = (shift: number, type: string): string => `${bytes(12 + shift, 2)} ${type}`;

/** ICMPv6 without extension headers (RFC 8200 3: next header in byte 6; 40 bytes in all). */
const icmp6 = (shift: number, types: string): string =>
  `${etherType(shift, IS_IPV6)} ${bytes(20 + shift, 1)} 58 ${bytes(54 + shift, 1)} ${types}`;

const arpOperation = (shift: number, operation: number): string =>
  `${etherType(shift, '0x0806')} ${bytes(20 + shift, 2)} ${operation}`;

export const ARP: Frames = both((shift) => etherType(shift, '0x0806'));
export const ARP_REPLIES: Frames = both((shift) => arpOperation(shift, 2));
/** Neighbor Solicitation and Advertisement (RFC 4861 4.3, 4.4). */
export const ND: Frames = both((shift) => icmp6(shift, '135-136'));
const ADVERTISEMENTS: Frames = both((shift) => icmp6(shift, '136'));

/** The frames that a replicator is for. */
export const NEIGHBOR: Frames = [...ARP, ...ND];
export const REPLIES: Frames = [...ARP_REPLIES, ...ADVERTISEMENTS];

/** ARP, NS and NA behind two tags, of which the inner one is always of 802.1Q. */
export const TWO_TAGS: Frames = ['0x8100', '0x88a8'].flatMap((outer) =>
  [etherType(2 * TAG, '0x0806'), icmp6(2 * TAG, '135-136')].map(
    (inner) => `${TYPE} ${outer} ${etherType(TAG, '0x8100')} ${inner}`,
  ),
);

/** RS, RA, redirect and echo: ICMPv6, but not NS or NA. */
export const OTHER_ICMP6: Frames = both((shift) => icmp6(shift, '{ 128, 129, 133, 134, 137 }'));

export const TCP: Frames = [
  ...both((shift) => `${etherType(shift, '0x0800')} ${bytes(23 + shift, 1)} 6`),
  ...both((shift) => `${etherType(shift, IS_IPV6)} ${bytes(20 + shift, 1)} 6`),
];

export const LLDP: Frames = [`${TYPE} 0x88cc`];

/** LACPDUs (IEEE 802.1AX 6.4.2.3: subtype 1 of the slow protocols). */
export const LACPDUS: Frames = [`${TYPE} 0x8809 ${bytes(14, 1)} 1`];

/**
 * Link-local frames (IEEE 802.1Q 8.6.3), the lab's own control frames included: no tamper copies or moves them.
 */
export const LINK_LOCAL: Frames = ['ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00'];

const UNICAST = 'ether daddr & 01:00:00:00:00:00 == 00:00:00:00:00:00';

/** The unicast ones among them. */
export const unicast = (frames: Frames): Frames => frames.map((frame) => `${UNICAST} ${frame}`);

/** Every unicast frame. */
export const ANY_UNICAST: Frames = [UNICAST];

/** The ones among them that are tagged on the wire. */
export const tagged = (frames: Frames): Frames => frames.filter((frame) => frame.startsWith(IS_TAGGED));

/** Every frame. */
export const ALL: Frames = [''];

/** A rule for each form of these frames. */
export const rules = (frames: Frames, statement: string): readonly string[] =>
  frames.map((frame) => `${frame} ${statement}`.trim());

/** A fixed IPv6 header (RFC 8200 3). */
const IPV6 = 40;

/**
 * Rules that write a value into these frames at a place in the packet after the Ethernet header, wherever the tag puts
 * it. From the network header on, which is behind a tag of either sort: Linux 7.3.4 writes nothing beyond the MACs and
 * the EtherType from the link header on, and ends the rule without a word. Nor does it write behind an IPv6 header from
 * the network header on; from the transport header on it does, where the tag is not in the frame's bytes. So there are
 * two rules for that, which write the same. Where the first has written, the second is not reached: in a frame from the
 * ring of a packet socket the kernel takes another place for the transport header (see lib/replicator/nft/ruleset.ts).
 * @param at byte of the packet, from 0
 */
export const write = (frames: Frames, at: number, count: number, value: string): readonly string[] =>
  frames.flatMap((frame) => {
    const fromPacket = `${frame} @nh,${at * 8},${count * 8} set ${value}`;
    if (!frame.includes(IS_IPV6) || at < IPV6) return [fromPacket];
    return [`${fromPacket} accept`, `${frame} @th,${(at - IPV6) * 8},${count * 8} set ${value}`];
  });

/** DAD with a nonce: an NS whose first option is of type 14 (RFC 7527 4.1, RFC 3971 5.3.2). */
export const NONCES: Frames = both((shift) => `${icmp6(shift, '135')} ${bytes(78 + shift, 1)} 14`);

/** Frames of a VLAN on the wire. */
export const inVlan = (vid: number): Frames => [`${IS_TAGGED} @ll,116,12 ${vid}`];
/** Puts a frame with a tag into another VLAN. */
export const setVlan = (vid: number): string => `@ll,116,12 set ${vid}`;
/**
 * Gives a frame with a tag another priority (802.1Q 6.9.3). Both bytes of the tag are written: into a tag in metadata the
 * kernel writes no single one, and ends the rule without a word (net/netfilter/nft_payload.c, nft_payload_set_vlan).
 */
export const setPriority = (pcp: number): string =>
  `@ll,112,16 set @ll,112,16 & 0x1fff | 0x${(pcp << 13).toString(16)}`;
