import { gatewayPort } from '../topology/labNames.js';
import type { Leaf, Topology } from '../topology/model.js';
import { map, type Bridge, type BridgePort } from '../ovs/bridge.js';

/** Number of a leaf, from 1: its LACP port id, so that un-stacked leaves look like one switch with many ports. */
function leafNumber(topology: Topology, leaf: Leaf): number {
  return topology.leaves.indexOf(leaf) + 1;
}

/** LACP port ids of a leaf begin at its number times this. */
const PORT_IDS = 100;

/** What a leaf has for the legs of a host. `firstPort`: how many ports it has for other hosts already. */
export function portsToHost(
  topology: Topology,
  leaf: Leaf,
  { lacp, firstPort = 0 }: { readonly lacp: boolean; readonly firstPort?: number },
): readonly BridgePort[] {
  const legs = topology.legs.filter((leg) => leg.leaf === leaf.name);
  const number = leafNumber(topology, leaf);
  return legs.map(({ leafPort: name }, index): BridgePort => {
    if (!lacp) return { name };
    const { systemId, key } = topology.lacp;
    const interfaceConfig = {
      'lacp-aggregation-key': String(key),
      'lacp-port-id': String(number * PORT_IDS + firstPort + index + 1),
    };
    return {
      name,
      columns: {
        lacp: 'active',
        other_config: map({
          'lacp-time': 'fast',
          'lacp-system-id': systemId,
          'lacp-system-priority': '1000',
        }),
      },
      interfaces: [{ name, columns: { other_config: map(interfaceConfig) } }],
    };
  });
}

/**
 * A leaf: an independent switch that shares nothing with the other leaves but its LACP system id and its gateway's
 * addresses. It routes nothing; its gateways exist so that a real stack probes the host and receives its answers.
 */
export function leafBridge(topology: Topology, leaf: Leaf, { lacp }: { readonly lacp: boolean }): Bridge {
  return {
    ports: [
      ...portsToHost(topology, leaf, { lacp }),
      ...topology.networks.map((network): BridgePort => ({
        name: gatewayPort(network.name),
        ...(network.vlan === null ? {} : { columns: { tag: network.vlan } }),
        interfaces: [{ name: gatewayPort(network.name), columns: { type: 'internal', mac: leaf.gatewayMac } }],
      })),
    ],
  };
}
