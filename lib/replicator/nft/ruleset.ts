import { tableOf } from '../../lab/nftTable.js';

/** The table of the replicator, in the netdev family. */
export const TABLE = 'everyleaf_dup';

/** Before everything else at a leg's egress. */
const PRIORITY = -200;

/** "dup": marks a frame that already has its copies. */
const MARK = 0x64_75_70;

/**
 * ARP, NS and NA, without a tag and with one. nft's own words "icmpv6 type" find no tagged ND where the tag is in the
 * frame's bytes, so that rule is by offsets: EtherType after the tag, next header, ICMPv6 type.
 */
export const MATCHES: readonly string[] = [
  'ether type arp',
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }',
  'vlan type arp',
  '@ll,96,16 0x8100 @ll,128,16 0x86dd @ll,192,8 58 @ll,464,8 135-136',
];

/** A chain is named after its port, in characters that nft allows in a name. */
export const chainOf = (port: string): string => `from_${port.replaceAll('-', '_')}`;

/**
 * A script of nft(8): what leaves on one of the legs is copied to each other one that is live. A leg without carrier
 * has its rules, too: when it comes back, the bridge may hand it frames before any program hears of that, and they are
 * due on the others. A copy passes the hook of its own port, and would be copied back from there. So marked frames are
 * left alone, and the mark is set before the copy is made.
 * @param legs ports of all legs @param live those with carrier
 */
export function dupScript(legs: readonly string[], live: readonly string[]): string {
  const chains = legs.map((port) => {
    const copies = live.filter((other) => other !== port).map((other) => `dup to "${other}"`);
    const rules =
      copies.length === 0 ? [] : MATCHES.map((match) => `${match} meta mark set ${MARK} ${copies.join(' ')}`);
    return [
      ` chain ${chainOf(port)} {`,
      `  type filter hook egress device "${port}" priority ${PRIORITY};`,
      '  meta mark != 0 accept',
      ...rules.map((rule) => `  ${rule}`),
      ' }',
    ].join('\n');
  });
  return tableOf('netdev', TABLE, chains);
}
