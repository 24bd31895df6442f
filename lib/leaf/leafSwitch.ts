import { gatewayPort } from '../topology/labNames.js';
import type { Leaf, Topology } from '../topology/model.js';
import type { Lab } from '../testbed/lab.js';
import { addressLines } from '../lab/addresses.js';
import { speakingSysctls } from '../lab/silence.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';
import { map, type Bridge, type BridgePort } from '../ovs/bridge.js';
import { setSysctls } from '../lab/sysctl.js';

/** Number of a leaf, from 1: its LACP port id, so that un-stacked leaves look like one switch with many ports. */
function leafNumber(topology: Topology, leaf: Leaf): number {
  return topology.leaves.indexOf(leaf) + 1;
}

function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1]);
}

/**
 * A leaf: an independent switch that shares nothing with the other leaves but its LACP system id and its gateway's
 * addresses. It routes nothing; its gateways exist so that a real stack probes the host and receives its answers.
 */
export function leafBridge(topology: Topology, leaf: Leaf, { lacp }: { readonly lacp: boolean }): Bridge {
  const legs = topology.legs.filter((leg) => leg.leaf === leaf.name);
  const number = leafNumber(topology, leaf);
  return {
    ports: [
      ...legs.map(({ leafPort: name }, index): BridgePort => {
        if (!lacp) return { name };
        const { systemId, key } = topology.lacp;
        const interfaceConfig = {
          'lacp-aggregation-key': String(key),
          'lacp-port-id': String(number * 100 + index + 1),
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
      }),
      ...topology.networks.map((network): BridgePort => ({
        name: gatewayPort(network.name),
        ...(network.vlan === null ? {} : { columns: { tag: network.vlan } }),
        interfaces: [{ name: gatewayPort(network.name), columns: { type: 'internal', mac: leaf.gatewayMac } }],
      })),
    ],
  };
}

/**
 * Gives the leaf's own stack its gateways' addresses. A restarted switch daemon makes their ports anew, without
 * addresses.
 */
export async function bringUpGateways(lab: Lab, topology: Topology, leaf: Leaf): Promise<void> {
  const node = lab.node(leaf.name);
  const sysctls = Object.assign(
    {},
    ...topology.networks.map((network) => speakingSysctls(gatewayPort(network.name))),
  ) as Record<string, string>;
  await setSysctls(node, sysctls);
  const lines = topology.networks.flatMap((network) => [
    `link set dev ${gatewayPort(network.name)} up`,
    `addr flush dev ${gatewayPort(network.name)}`,
    ...addressLines(
      gatewayPort(network.name),
      [{ network: network.name, ipv4: network.gateway4, ipv6: network.gateway6 }],
      () => ({ ipv4: prefixLength(network.ipv4), ipv6: prefixLength(network.ipv6) }),
      formatIpv6(linkLocalFromMac(parseMac(leaf.gatewayMac))),
    ),
  ]);
  // A leaf routes nothing and stays silent about it: an ICMPv6 error would quote the probe, and ask for its sender's
  // MAC.
  lines.push('route replace blackhole ::/0');
  await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
}
