import type { KindId } from '../lib/wire/kinds.js';

/** Every form of ARP that a host sends. */
export const ARP_KINDS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-request-unicast',
  'arp-reply-unicast',
  'garp-request',
  'garp-reply',
  'arp-probe',
  'arp-announcement',
  'arp-other',
];

/** Every form of Neighbor Solicitation and Advertisement. */
export const ND_KINDS: readonly KindId[] = [
  'ns-multicast',
  'ns-dad',
  'ns-dad-nonce',
  'ns-unicast',
  'na-solicited',
  'na-unsolicited',
  'ns-ext-header',
];

/** ICMPv6 and link-layer frames related to ND and ARP: only a profile may ask for copies. */
export const ROUTER_KINDS: readonly KindId[] = ['rs', 'ra', 'redirect', 'mld-report', 'rarp'];

export const DATA_KINDS: readonly KindId[] = [
  'data-tcp',
  'data-udp',
  'data-echo',
  'data-echo6',
  'data-dhcp',
  'data-mdns',
  'data-other',
];

/** Data that a match by offset or by a masked EtherType takes for a neighbor frame. */
export const NEAR_MISS_KINDS: readonly KindId[] = [
  'near-miss-udp-arp',
  'near-miss-tcp6-135',
  'near-miss-icmp4-135',
  'near-miss-ethertype-0805',
  'near-miss-ethertype-0807',
];

/**
 * Link-local protocols of a single port: never forwarded, never copied. LACPDUs are excluded because a leaf might act
 * on a copied one.
 */
export const OWN_PORT_KINDS: readonly KindId[] = ['lldp'];

/** Neighbor frames that their receivers must ignore (RFC 4861 7.1): their deliveries are recorded only. */
export const MALFORMED_KINDS: readonly KindId[] = ['nd-malformed'];

/** Unicast frames from a leaf or from a neighbor on the same host: they must arrive. */
export const ADDRESSED_KINDS: readonly KindId[] = [
  'arp-reply-unicast',
  'ns-unicast',
  'na-solicited',
  'data-tcp',
  'data-udp',
  'data-echo',
  'data-echo6',
];

/**
 * Frames from a leaf, besides ARP and ND: a broadcast that came out at another leaf would do harm, and so would data.
 */
export const LEAF_KINDS: readonly KindId[] = [
  'rs',
  'ra',
  'mld-report',
  'rarp',
  'data-dhcp',
  'data-mdns',
  'data-udp',
  'data-tcp',
];
