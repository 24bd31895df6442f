import type { Binding } from '../../../binding/schema.js';
import type { Leaf, Network, Sender, Topology } from '../../../topology/model.js';
import { UserError } from '../../../userError.js';
import type { FactsOf } from '../ground.js';
import type { FarMachine } from '../machine.js';
import { bindTopology } from '../placement.js';
import { findInterface, isNear, type FoundAddress, type FoundInterface } from './found.js';
import { senderPlace } from './place.js';

/** Machines that are logged in to, by their names. */
export type Machines = ReadonlyMap<string, FarMachine>;

interface Found {
  readonly senders: ReadonlyMap<string, FoundInterface>;
  /** By leaf. */
  readonly gateways: ReadonlyMap<string, FoundInterface>;
}

async function findAll(topology: Topology, binding: Binding, machines: Machines): Promise<Found> {
  const senders = [topology.host, ...topology.vms].map(async ({ node }) => {
    const there = senderPlace(topology, binding, node);
    const machine = 'what' in there ? undefined : machines.get(there.machine);
    if ('what' in there || machine === undefined) return [];
    return [[node, await findInterface(machine, there.netns, there.interface)] as const];
  });
  const gateways = Object.entries(binding.leaves).map(async ([name, { machine, gateway }]) => {
    const leaf = machines.get(machine);
    return leaf === undefined || gateway === undefined
      ? []
      : [[name, await findInterface(leaf, null, gateway.interface)] as const];
  });
  return {
    senders: new Map((await Promise.all(senders)).flat()),
    gateways: new Map((await Promise.all(gateways)).flat()),
  };
}

const firstOf = (found: FoundInterface | undefined, family: FoundAddress['family']): string | undefined =>
  found?.addresses.find((one) => one.family === family)?.address;

/**
 * A sender with what its binding says of it, else what its machine says, else the topology. One address of each family:
 * that of its first network.
 */
function bindSender<S extends Sender>(sender: S, topology: Topology, binding: Binding, found?: FoundInterface): S {
  const { mac, ipv4, ipv6 } = binding.senders[sender.node] ?? {};
  if (found !== undefined && mac !== undefined && mac.toLowerCase() !== found.mac)
    throw new UserError(
      `${sender.node} has the MAC ${found.mac}, and its binding says ${mac}`,
      `correct senders.${sender.node}.mac`,
    );
  const there = senderPlace(topology, binding, sender.node);
  const addresses = sender.addresses.map((address, at) =>
    at > 0
      ? address
      : {
          ...address,
          ipv4: ipv4 ?? firstOf(found, 'ipv4') ?? address.ipv4,
          ipv6: ipv6 ?? firstOf(found, 'ipv6') ?? address.ipv6,
        },
  );
  const nic = 'what' in there ? sender.nic : there.interface;
  return { ...sender, nic, mac: found?.mac ?? mac?.toLowerCase() ?? sender.mac, addresses };
}

/** The gateways of a network are those of a leaf that are near a sender there. */
function bindNetwork(network: Network, senders: readonly Sender[], found: readonly FoundInterface[]): Network {
  const own = senders.flatMap(({ addresses }) => addresses.filter((address) => address.network === network.name));
  const near = (family: FoundAddress['family']): string | undefined =>
    found
      .flatMap(({ addresses }) => addresses)
      .find((one) => one.family === family && own.some((address) => isNear(one, address[family])))?.address;
  return { ...network, gateway4: near('ipv4') ?? network.gateway4, gateway6: near('ipv6') ?? network.gateway6 };
}

/** The topology as it is on these machines. Throws SshError for an interface that is not there. */
export async function bindInstalled(
  topology: Topology,
  binding: Binding,
  machines: Machines,
  facts: FactsOf,
): Promise<Topology> {
  const legs = bindTopology(topology, binding, (machine, port) => {
    const mac = facts.get(machine)?.ports.find(({ name }) => name === port)?.mac;
    return mac ?? '';
  });
  const found = await findAll(topology, binding, machines);
  const host = bindSender(topology.host, topology, binding, found.senders.get(topology.host.node));
  const vms = topology.vms.map((vm) => bindSender(vm, topology, binding, found.senders.get(vm.node)));
  const leaves = topology.leaves.map((leaf): Leaf => {
    const mac = binding.leaves[leaf.name]?.gateway?.mac?.toLowerCase() ?? found.gateways.get(leaf.name)?.mac;
    return mac === undefined ? leaf : { ...leaf, gatewayMac: mac };
  });
  const networks = topology.networks.map((one) => bindNetwork(one, [host, ...vms], [...found.gateways.values()]));
  return { ...legs, networks, host, vms, leaves };
}
