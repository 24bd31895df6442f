import { gatewayPort } from '../topology/labNames.js';
import type { Leaf, Topology } from '../topology/model.js';
import type { Lab } from '../testbed/lab.js';
import { addressLines } from '../lab/addresses.js';
import { speakingSysctls } from '../lab/silence.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';
import { addBridge, addPort, type OvsSwitch } from '../ovs/switch.js';
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
export async function bringUpLeafSwitch(
  lab: Lab,
  topology: Topology,
  leaf: Leaf,
  ovs: OvsSwitch,
  { lacp }: { readonly lacp: boolean },
): Promise<void> {
  const legs = topology.legs.filter((leg) => leg.leaf === leaf.name);
  const number = leafNumber(topology, leaf);
  await ovs.vsctl([
    ...addBridge(),
    ...legs.flatMap((leg, index) => [
      ...addPort(leg.leafPort),
      ...(lacp
        ? [
            '--',
            'set',
            'port',
            leg.leafPort,
            'lacp=active',
            'other_config:lacp-time=fast',
            `other_config:lacp-system-id=${topology.lacp.systemId}`,
            'other_config:lacp-system-priority=1000',
            '--',
            'set',
            'interface',
            leg.leafPort,
            `other_config:lacp-aggregation-key=${topology.lacp.key}`,
            `other_config:lacp-port-id=${number * 100 + index + 1}`,
          ]
        : []),
    ]),
    ...topology.networks.flatMap((network) => [
      ...addPort(gatewayPort(network.name)),
      ...(network.vlan === null ? [] : [`tag=${network.vlan}`]),
      '--',
      'set',
      'interface',
      gatewayPort(network.name),
      'type=internal',
      `mac="${leaf.gatewayMac}"`,
    ]),
  ]);
  await bringUpGateways(lab, topology, leaf);
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
    `link set ${gatewayPort(network.name)} up`,
    `addr flush dev ${gatewayPort(network.name)}`,
    ...addressLines(
      gatewayPort(network.name),
      [{ network: network.name, ipv4: network.gateway4, ipv6: network.gateway6 }],
      () => ({ ipv4: prefixLength(network.ipv4), ipv6: prefixLength(network.ipv6) }),
      formatIpv6(linkLocalFromMac(parseMac(leaf.gatewayMac))),
    ),
  ]);
  await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  // A leaf routes nothing and stays silent about it: an ICMPv6 error would quote the probe, and ask for its sender's
  // MAC.
  await node.exec(['ip', '-6', 'route', 'replace', 'blackhole', 'default']);
}
