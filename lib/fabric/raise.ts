import { gatewayPort } from '../topology/labNames.js';
import { gleaningSysctls } from '../tables/ageing.js';
import { speakingSysctls } from '../lab/silence.js';
import type { Lab } from '../testbed/lab.js';
import type { Fabric, SpineLink } from '../topology/model.js';
import { leafConfig, spineConfig } from './frrConfig.js';
import { startFrr, type Routing } from './frr.js';
import { setSysctls } from '../lab/sysctl.js';

/** A router: forwards, and balances flows by their ports too. */
const ROUTER: Readonly<Record<string, string>> = {
  'net/ipv4/ip_forward': '1',
  'net/ipv6/conf/all/forwarding': '1',
  'net/ipv4/conf/all/rp_filter': '0',
  'net/ipv4/conf/default/rp_filter': '0',
};
const BALANCER: Readonly<Record<string, string>> = {
  'net/ipv4/fib_multipath_hash_policy': '1',
  'net/ipv6/fib_multipath_hash_policy': '1',
};

/**
 * `ip -batch` lines. bgpd talks IPv6 only where there is a link-local address (bgpd/bgp_zebra.c, bgp_nexthop_set); each
 * must be unique in the fabric, because bgpd treats two paths with the same next hop as one.
 */
function linkAddresses(port: string, ipv4: string, ipv6: string, linkLocal: number): string[] {
  return [
    `addr replace ${ipv4} dev ${port}`,
    `addr replace ${ipv6} dev ${port} nodad`,
    `addr replace fe80::${linkLocal.toString(16)}/64 dev ${port} scope link nodad`,
  ];
}

export const leafLink = (uplink: SpineLink, index: number): string[] =>
  linkAddresses(uplink.leafPort, `${uplink.leafIpv4}/31`, `${uplink.leafIpv6}/127`, 2 * index + 1);
export const spineLink = (uplink: SpineLink, index: number): string[] =>
  linkAddresses(uplink.spinePort, `${uplink.spineIpv4}/31`, `${uplink.spineIpv6}/127`, 2 * index + 2);

/**
 * Addresses, routes, forwarding and FRR on everything above the host. Sessions come up by themselves afterwards. The
 * returned function ends FRR.
 */
export async function raiseFabric(lab: Lab, fabric: Fabric): Promise<AsyncDisposable> {
  const { spine, client, uplinks } = fabric;
  const length4 = client.network4.split('/')[1] ?? '';
  const length6 = client.network6.split('/')[1] ?? '';
  const raiseLeaf = async (uplink: SpineLink, index: number): Promise<Routing> => {
    const node = lab.node(uplink.leaf);
    const gateways = lab.topology.networks.map((network) => gatewayPort(network.name));
    await setSysctls(node, {
      ...ROUTER,
      ...speakingSysctls(uplink.leafPort),
      ...(Object.assign({}, ...gateways.map(gleaningSysctls)) as Record<string, string>),
    });
    await node.exec(['ip', '-batch', '-'], { input: leafLink(uplink, index).join('\n') });
    return startFrr(node, leafConfig(uplink, index));
  };
  const raiseSpine = async (): Promise<Routing> => {
    const node = lab.node(spine);
    const ports = [...uplinks.map((uplink) => uplink.spinePort), client.spinePort];
    await setSysctls(node, {
      ...ROUTER,
      ...BALANCER,
      ...(Object.assign({}, ...ports.map(speakingSysctls)) as Record<string, string>),
    });
    const lines = [
      ...uplinks.flatMap(spineLink),
      ...linkAddresses(
        client.spinePort,
        `${client.gateway4}/${length4}`,
        `${client.gateway6}/${length6}`,
        2 * uplinks.length + 1,
      ),
    ];
    await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
    return startFrr(node, spineConfig(fabric, lab.topology.leaves));
  };
  const raiseClient = async (): Promise<void> => {
    const node = lab.node(client.node);
    await setSysctls(node, speakingSysctls(client.nic));
    const lines = [
      ...linkAddresses(client.nic, `${client.ipv4}/${length4}`, `${client.ipv6}/${length6}`, 2 * uplinks.length + 2),
      `route replace default via ${client.gateway4}`,
      `route replace default via ${client.gateway6}`,
    ];
    await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  };
  const [spineRouting, , ...leafRoutings] = await Promise.all([raiseSpine(), raiseClient(), ...uplinks.map(raiseLeaf)]);
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([spineRouting, ...leafRoutings].map((routing) => routing[Symbol.asyncDispose]()));
    },
  };
}
