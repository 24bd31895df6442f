/**
 * The catalogue of frame kinds: what a frame is, which standard defines it, and what a host that keeps every leaf's
 * neighbor table alive must do with it. Tags and the sender (host or VM) are dimensions of a probe, not kinds of their
 * own.
 */

/** What a correct replicator does with a kind: `profile` means that only the profile's table knows. */
export type Expectation = 'one-each' | 'single' | 'profile' | 'own-port' | 'informational';

/** Groups that share a way of being wrong; a scenario usually covers one. */
export type Family = 'arp' | 'nd' | 'router' | 'data' | 'near-miss' | 'link-local';

export interface KindEntry {
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  /** The document that defines the frame. */
  readonly standard: string;
  readonly expected: Expectation;
}

const kind = <const Id extends string>(
  id: Id,
  family: Family,
  title: string,
  standard: string,
  expected: Expectation,
) => ({ id, family, title, standard, expected }) as const;

/** Order is the order of rows in every matrix; the index is the kind's code on hot paths, so append only. */
export const KINDS = [
  kind('arp-request-broadcast', 'arp', 'ARP request, broadcast', 'RFC 826', 'one-each'),
  kind('arp-request-unicast', 'arp', 'ARP request, unicast poll', 'RFC 1122 2.3.2.1', 'one-each'),
  kind('arp-reply-unicast', 'arp', 'ARP reply, unicast', 'RFC 826', 'one-each'),
  kind('garp-request', 'arp', 'gratuitous ARP request', 'RFC 5227 3', 'one-each'),
  kind('garp-reply', 'arp', 'gratuitous ARP reply', 'RFC 5227 1.2.1', 'one-each'),
  kind('arp-probe', 'arp', 'ARP probe (sender 0.0.0.0)', 'RFC 5227 2.1.1', 'one-each'),
  kind('arp-announcement', 'arp', 'ARP announcement', 'RFC 5227 2.3', 'one-each'),
  kind('arp-other', 'arp', 'ARP, another opcode or form', 'RFC 826', 'one-each'),
  kind('rarp', 'router', 'RARP', 'RFC 903', 'single'),
  kind('ns-multicast', 'nd', 'Neighbor Solicitation, multicast', 'RFC 4861 7.2.2', 'one-each'),
  kind('ns-dad', 'nd', 'Neighbor Solicitation, DAD', 'RFC 4862 5.4', 'one-each'),
  kind('ns-dad-nonce', 'nd', 'Neighbor Solicitation, DAD with nonce', 'RFC 7527', 'one-each'),
  kind('ns-unicast', 'nd', 'Neighbor Solicitation, unicast (NUD)', 'RFC 4861 7.3.3', 'one-each'),
  kind('na-solicited', 'nd', 'Neighbor Advertisement, solicited', 'RFC 4861 7.2.4', 'one-each'),
  kind('na-unsolicited', 'nd', 'Neighbor Advertisement, unsolicited', 'RFC 4861 7.2.6', 'one-each'),
  kind('rs', 'router', 'Router Solicitation', 'RFC 4861 6.3.7', 'profile'),
  kind('ra', 'router', 'Router Advertisement from a host', 'RFC 4861 6.2', 'single'),
  kind('redirect', 'router', 'Redirect from a host', 'RFC 4861 8', 'single'),
  kind('mld-report', 'router', 'MLD report', 'RFC 3810 / RFC 2710', 'profile'),
  kind('ns-ext-header', 'nd', 'NS or NA behind an extension header', 'RFC 4861 / RFC 8200', 'profile'),
  kind('ns-fragment', 'nd', 'NS in fragments', 'RFC 6980 forbids', 'informational'),
  kind('nd-malformed', 'nd', 'malformed ND message', 'RFC 4861 7.1', 'informational'),
  kind('data-tcp', 'data', 'TCP', 'RFC 9293', 'single'),
  kind('data-udp', 'data', 'UDP', 'RFC 768', 'single'),
  kind('data-echo', 'data', 'ICMPv4 echo', 'RFC 792', 'single'),
  kind('data-echo6', 'data', 'ICMPv6 echo', 'RFC 4443 4', 'single'),
  kind('data-dhcp', 'data', 'DHCP', 'RFC 2131', 'single'),
  kind('data-mdns', 'data', 'mDNS', 'RFC 6762', 'single'),
  kind('data-other', 'data', 'any other frame', '', 'single'),
  kind('near-miss-udp-arp', 'near-miss', 'UDP payload that looks like ARP', '', 'single'),
  kind('near-miss-tcp6-135', 'near-miss', 'IPv6 TCP with 135 where ICMPv6 has its type', '', 'single'),
  kind('near-miss-icmp4-135', 'near-miss', 'ICMPv4 type 135', '', 'single'),
  kind('near-miss-ethertype-0805', 'near-miss', 'EtherType 0x0805', '', 'single'),
  kind('near-miss-ethertype-0807', 'near-miss', 'EtherType 0x0807', '', 'single'),
  kind('lacpdu', 'link-local', 'LACPDU', 'IEEE 802.1AX', 'own-port'),
  kind('lldp', 'link-local', 'LLDP', 'IEEE 802.1AB', 'own-port'),
  kind('canary', 'link-local', 'canary or fence of the lab itself', '', 'own-port'),
] as const;

export type KindId = (typeof KINDS)[number]['id'];

/** How a frame is tagged on the leaf's port, where it is judged: not, once, twice or more. */
export const TAG_FORMS = ['untagged', 'tagged', 'qinq'] as const;
export type TagForm = (typeof TAG_FORMS)[number];

const byId = new Map<string, (typeof KINDS)[number]>(KINDS.map((entry) => [entry.id, entry]));

/** The catalogue entry of a kind. */
export function kindEntry(id: KindId): KindEntry {
  const entry = byId.get(id);
  if (entry === undefined) throw new RangeError(`unknown kind "${id}"`);
  return entry;
}

export function isKindId(text: string): text is KindId {
  return byId.has(text);
}
