import { addressLines } from '../lab/addresses.js';
import { speakingSysctls } from '../lab/silence.js';
import { setSysctls } from '../lab/sysctl.js';
import type { Lab } from '../testbed/lab.js';
import { gatewayPort } from '../topology/labNames.js';
import type { Leaf, Topology } from '../topology/model.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';

function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1]);
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
