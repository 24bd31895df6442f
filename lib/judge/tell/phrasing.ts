import type { KindId, TagForm } from '../../wire/kinds.js';

/** Kinds in words for a sentence, plural. */
const PLURAL: Readonly<Record<KindId, string>> = {
  'arp-request-broadcast': 'broadcast ARP requests',
  'arp-request-unicast': 'unicast ARP requests',
  'arp-reply-unicast': 'ARP replies',
  'garp-request': 'gratuitous ARP requests',
  'garp-reply': 'gratuitous ARP replies',
  'arp-probe': 'ARP probes',
  'arp-announcement': 'ARP announcements',
  'arp-other': 'ARP frames of another form',
  rarp: 'RARP frames',
  'ns-multicast': 'multicast Neighbor Solicitations',
  'ns-dad': 'DAD Neighbor Solicitations',
  'ns-dad-nonce': 'DAD Neighbor Solicitations with nonce',
  'ns-unicast': 'unicast Neighbor Solicitations',
  'na-solicited': 'solicited Neighbor Advertisements',
  'na-unsolicited': 'unsolicited Neighbor Advertisements',
  rs: 'Router Solicitations',
  ra: 'Router Advertisements',
  redirect: 'Redirects',
  'mld-report': 'MLD reports',
  'ns-ext-header': 'Neighbor Solicitations and Advertisements behind an extension header',
  'ns-fragment': 'fragmented Neighbor Solicitations',
  'nd-malformed': 'malformed ND messages',
  'data-tcp': 'TCP frames',
  'data-udp': 'UDP frames',
  'data-echo': 'ICMPv4 echos',
  'data-echo6': 'ICMPv6 echos',
  'data-dhcp': 'DHCP frames',
  'data-mdns': 'mDNS frames',
  'data-other': 'other data frames',
  'near-miss-udp-arp': 'UDP frames that look like ARP',
  'near-miss-tcp6-135': 'IPv6 TCP frames that look like ND',
  'near-miss-icmp4-135': 'ICMPv4 frames of type 135',
  'near-miss-ethertype-0805': 'frames of EtherType 0x0805',
  'near-miss-ethertype-0807': 'frames of EtherType 0x0807',
  lacpdu: 'LACPDUs',
  lldp: 'LLDP frames',
  canary: 'control frames',
};

/** "tagged ARP replies" */
export function plural(kind: KindId, form: TagForm = 'untagged'): string {
  const noun = PLURAL[kind];
  return form === 'untagged' ? noun : form === 'tagged' ? `tagged ${noun}` : `double-tagged ${noun}`;
}

/** "a", "a and b", "a, b and c" */
export function listed(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}

/** As `listed`, but of many only the first few: "a, b, c, d and e and 3 more" */
export function firstListed(items: readonly string[], most = 5): string {
  return `${listed(items.slice(0, most))}${items.length > most ? ` and ${items.length - most} more` : ''}`;
}

/** Nanoseconds in a readable unit: "41 us", "1.2 ms", "3 s". */
export function duration(ns: number): string {
  const abs = Math.abs(ns);
  if (abs < 1_000) return `${trimmed(ns)} ns`;
  if (abs < 1_000_000) return `${trimmed(ns / 1_000)} us`;
  if (abs < 1_000_000_000) return `${trimmed(ns / 1_000_000)} ms`;
  return `${trimmed(ns / 1_000_000_000)} s`;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** "1 frame", "2 frames" */
export function some(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
