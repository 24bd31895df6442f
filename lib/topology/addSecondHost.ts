import { secondHostMac, secondHostPortMac, secondLeafPortMac, secondVmMac, senderAddress } from './addresses.js';
import { parsePrefix } from './ip.js';
import type { Address, Sender, Topology } from './model.js';
import { INTERFACE_NAME_MAX } from './schema.js';
import { seenBySecondHost } from './secondHost.js';
import { sendersOf } from './senders.js';

/** Its place among the senders of a network: its addresses are above those of any host, and below those of servers. */
const FIRST_PLACE = 50;

/** Names that end with it are of the second host. */
const SECOND = '-2';

const second = (name: string): string => `${name.slice(0, INTERFACE_NAME_MAX - SECOND.length)}${SECOND}`;

/**
 * The same wiring with a second host behind its leaves: a twin of the first, with as many legs and VMs, in the same
 * networks, with names, MACs and addresses of its own. Throws RangeError where a network has no room for it, or a name is
 * taken.
 */
export function withSecondHost(topology: Topology): Topology {
  const { host, vms, legs, leaves, lacp } = topology;
  const addresses = (sender: Sender, order: number): readonly Address[] =>
    sender.addresses.map(({ network: name }) => {
      const network = topology.networks.find((one) => one.name === name);
      if (network === undefined) throw new RangeError(`${sender.node} is in "${name}", which is no network`);
      const address = senderAddress(network, FIRST_PLACE + order);
      const taken = sendersOf(topology).some((other) => other.addresses.some(({ ipv4 }) => ipv4 === address.ipv4));
      if (taken || !isIn(address.ipv4, network.ipv4))
        throw new RangeError(`the network ${name} (${network.ipv4}) has no room for a second host`);
      return address;
    });
  const wired: Topology = {
    ...topology,
    secondHost: {
      host: { ...host, node: second(host.node), mac: secondHostMac(), addresses: addresses(host, 0) },
      vms: vms.map((vm, index) => ({
        ...vm,
        node: second(vm.node),
        hostPort: second(vm.hostPort),
        mac: secondVmMac(index),
        addresses: addresses(vm, index + 1),
      })),
      legs: legs.map((leg, index) => ({
        ...leg,
        name: second(leg.name),
        leafPort: second(leg.leafPort),
        hostMac: secondHostPortMac(index),
        leafMac: secondLeafPortMac(leaves.findIndex(({ name }) => name === leg.leaf)),
      })),
      lacp: { ...lacp, key: lacp.key + 1 },
    },
  };
  const names = [topology, seenBySecondHost(wired)].flatMap((one) =>
    one === null ? [] : [...sendersOf(one).map(({ node }) => node), ...one.legs.map(({ name }) => name)],
  );
  const twice = names.find((name, at) => names.indexOf(name) !== at || leaves.some((leaf) => leaf.name === name));
  if (twice !== undefined) throw new RangeError(`the name "${twice}" is taken: a second host needs it`);
  return wired;
}

function isIn(ipv4: string, cidr: string): boolean {
  const [prefix, address] = [parsePrefix(cidr), parsePrefix(`${ipv4}/32`)];
  if (prefix === null || address === null) return false;
  const size = 1n << BigInt(32 - prefix.length);
  return address.base > prefix.base && address.base < prefix.base + size - 1n;
}
