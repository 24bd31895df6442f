import { tableOf } from '../../lab/nftTable.js';
import { inOneLine } from '../../inOneLine.js';
import { LackError } from '../../testbed/capability.js';
import type { Node } from '../../testbed/node.js';
import type { Inline } from './links.js';

export const FIREWALL = 'everyleaf_firewall';

/** A protocol that no probe speaks: what the firewall is there for. */
const FORBIDDEN = 'sctp';

/**
 * A script of nft(8). Between a VM and the switch each frame passes the forward hook of the VM's bridge, once in each
 * direction. Neighbor frames are let through by a rule of their own, as they must be where all else is asked for its state.
 */
export function firewallScript(inline: readonly Inline[]): string {
  const ports = inline.map(({ near }) => `"${near}"`).join(', ');
  return tableOf('bridge', FIREWALL, [
    ' chain firewall {',
    '  type filter hook forward priority 0; policy accept;',
    '  ether type arp accept',
    '  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
    `  oifname { ${ports} } ip protocol ${FORBIDDEN} drop`,
    `  oifname { ${ports} } ip6 nexthdr ${FORBIDDEN} drop`,
    ' }',
  ]);
}

/** Throws LackError where the kernel cannot filter in a bridge. */
export async function setFirewall(node: Node, inline: readonly Inline[]): Promise<void> {
  const input = firewallScript(inline);
  const { code, stdout, stderr } = await node.exec(['nft', '-f', '-'], { input, mayFail: true });
  if (code !== 0)
    throw new LackError([
      { what: 'a filter in a bridge', command: `nft '${inOneLine(input)}'`, output: inOneLine(stderr || stdout) },
    ]);
}
