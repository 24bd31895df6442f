import type { MacEntry } from '../../evidence/types.js';
import type { Topology } from '../../topology/model.js';
import { senderNamed } from '../../topology/senders.js';

/** Where switches have the MACs of senders. */
export interface Places {
  readonly topology: Topology;
  /** Who must be behind the host. */
  readonly senders: readonly string[];
  readonly entries: readonly MacEntry[];
}

/**
 * Leaves that do not have a sender behind their port to the host, in each of its networks: `leaf-b has vm2 (VLAN 20)
 * behind other-host`.
 */
export function misplaced({ topology, senders, entries }: Places): readonly string[] {
  return topology.legs.flatMap(({ leaf, leafPort }) =>
    senders.flatMap((name) => {
      const { mac, addresses } = senderNamed(topology, name);
      return addresses.flatMap(({ network }) => {
        const vlan = topology.networks.find((one) => one.name === network)?.vlan ?? 0;
        const found = entries.find(
          (one) => one.node === leaf && one.vlan === vlan && one.mac.toLowerCase() === mac.toLowerCase(),
        );
        if (found?.port === leafPort) return [];
        const who = `${name} (${vlan === 0 ? 'untagged' : `VLAN ${vlan}`})`;
        return [found === undefined ? `${leaf} does not know ${who}` : `${leaf} has ${who} behind ${found.port}`];
      });
    }),
  );
}
