import type { AuditFact } from '../../evidence/types.js';
import { FIREWALL } from './firewall.js';
import type { Inline } from './links.js';

/** A port in what `bridge -j link show` says (bridge(8)). */
interface ShownPort {
  readonly ifname: string;
  readonly master?: string;
  readonly state?: string;
}

/** Rules of the firewall, as `nft list` writes them, without their numbers. */
const RULES = ['hook forward', 'ether type arp accept', 'nd-neighbor-solicit, nd-neighbor-advert } accept', 'drop'];

/**
 * P15: the frames of each VM pass its firewall.
 * @param links output of `bridge -j link show` @param table of `nft list table`, '' where there is none
 */
export function chainFacts(inline: readonly Inline[], links: string, table: string): readonly AuditFact[] {
  const shown = JSON.parse(links || '[]') as readonly ShownPort[];
  const ports = inline.map(({ vm, hostPort, bridge, near }): AuditFact => {
    const wrong = [hostPort, near].flatMap((name) => {
      const port = shown.find(({ ifname }) => ifname === name);
      if (port?.master !== bridge) return [`${name} is no port of ${bridge}`];
      return port.state === 'forwarding' ? [] : [`${name} is ${port.state ?? 'without a state'}`];
    });
    return {
      name: `firewall of ${vm}`,
      ok: wrong.length === 0,
      value: wrong.length === 0 ? `${hostPort} and ${near} on ${bridge}` : wrong.join(', '),
      command: 'bridge -j link show',
    };
  });
  const missing = RULES.filter((rule) => !table.includes(rule));
  return [
    ...ports,
    {
      name: 'firewall',
      ok: missing.length === 0,
      value: missing.length === 0 ? 'lets ARP, NS and NA through' : `without "${missing.join('", "')}"`,
      command: `nft list table bridge ${FIREWALL}`,
    },
  ];
}
