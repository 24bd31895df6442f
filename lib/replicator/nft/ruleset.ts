import { tableOf } from '../../lab/nftTable.js';

/** The table of the replicator, in the netdev family. */
export const TABLE = 'everyleaf_dup';

/** Before everything else at a leg's egress. */
const PRIORITY = -200;

/** "dup": marks a frame that already has its copies. */
const MARK = 0x64_75_70;

/**
 * ARP, NS and NA, without a tag and with one. By offsets (EtherType, next header, ICMPv6 type), and not by nft's own words
 * "icmpv6 type": these find no tagged ND where the tag is in the frame's bytes; and of a frame from the ring of a packet
 * socket, as DPDK's driver af_packet sends them, they read what is left of an earlier one (net/ipv6/exthdrs_core.c,
 * ipv6_find_hdr, wants the header in the linear part). They are left for what no offset finds: ND behind extension headers
 * that are longer than the 8 bytes of the rule before.
 */
export const MATCHES: readonly string[] = [
  'ether type arp',
  '@ll,96,16 0x86dd @ll,160,8 58 @ll,432,8 135-136',
  '@ll,96,16 0x86dd @ll,160,8 { 0, 60 } @ll,432,16 0x3a00 @ll,496,8 135-136',
  '@ll,96,16 0x86dd @ll,160,8 { 0, 43, 60 } icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }',
  'vlan type arp',
  '@ll,96,16 0x8100 @ll,128,16 0x86dd @ll,192,8 58 @ll,464,8 135-136',
];

/** A chain is named after its port, in characters that nft allows in a name. */
export const chainOf = (port: string): string => `from_${port.replaceAll('-', '_')}`;

/**
 * Chains of nft(8): what leaves on one of the legs is copied to each other one that is live. A leg without carrier
 * has its rules, too: when it comes back, the bridge may hand it frames before any program hears of that, and they are
 * due on the others. A copy passes the hook of its own port, and would be copied back from there. So marked frames are
 * left alone, and the mark is set before the copy is made. A frame has its copies by one rule, whichever comes first.
 * @param legs ports of all legs @param live those with carrier
 */
export function copyChains(legs: readonly string[], live: readonly string[]): readonly string[] {
  return legs.map((port) => {
    const copies = live.filter((other) => other !== port).map((other) => `dup to "${other}"`);
    const rules =
      copies.length === 0 ? [] : MATCHES.map((match) => `${match} meta mark set ${MARK} ${copies.join(' ')} accept`);
    return [
      ` chain ${chainOf(port)} {`,
      `  type filter hook egress device "${port}" priority ${PRIORITY};`,
      '  meta mark != 0 accept',
      ...rules.map((rule) => `  ${rule}`),
      ' }',
    ].join('\n');
  });
}

/** The same as a script that makes the table of the replicator. */
export function dupScript(legs: readonly string[], live: readonly string[]): string {
  return tableOf('netdev', TABLE, copyChains(legs, live));
}
