import type { AuditFact } from '../../evidence/types.js';
import type { BridgePort } from './ports.js';
import { SHARES, shareRule, deviations, type Sharing } from './sharing.js';

/**
 * P15: each leg is a port of the bridge, isolated, and learns only where it is the one that sends; what it must not
 * send is filtered.
 * @param shares what `nft list table` says of the filter
 */
export function legFacts(
  sharing: Sharing,
  legs: readonly string[],
  ports: readonly BridgePort[],
  shares: string,
): readonly AuditFact[] {
  return legs.map((name) => {
    const port = ports.find(({ ifname }) => ifname === name);
    const isFiltered = new RegExp(`^\\s*oifname "${name}" .*drop$`, 'm').test(shares);
    const wrong = [
      ...(port === undefined ? ['it is no port of the bridge'] : deviations(sharing, port)),
      ...(isFiltered === (shareRule(sharing, name) !== null)
        ? []
        : [`what it sends is ${isFiltered ? '' : 'not '}filtered`]),
    ];
    const role = sharing.active === null ? 'sends its share' : sharing.active === name ? 'sends' : 'stands by';
    return {
      name: `leg ${name}`,
      ok: wrong.length === 0,
      value: wrong.length === 0 ? `isolated, ${role}` : wrong.join(', '),
      command: `bridge -d link show dev ${name}; nft list table bridge ${SHARES}`,
    };
  });
}
