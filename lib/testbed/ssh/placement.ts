import type { Binding } from '../../binding/schema.js';
import type { Topology } from '../../topology/model.js';
import type { Lack } from '../capability.js';

/** A port of the topology, and where it really is. */
export interface PlacedPort {
  readonly node: string;
  readonly machine: string;
  /** As its machine calls it. */
  readonly port: string;
}

/** Which machine each node of a topology is on. */
export interface Placement {
  readonly nodes: readonly { readonly node: string; readonly machine: string }[];
  readonly ports: readonly PlacedPort[];
}

/** Places a topology on the machines of a binding; returns what the binding lacks for it. */
export function place(topology: Topology, binding: Binding, file: string): Placement | Lack {
  const lack = (what: string, output: string): Lack => ({ what, command: `everyleaf check ${file}`, output });
  const { host, leaves } = binding;
  if (topology.fabric !== undefined)
    return lack(`a spine for ${topology.name}`, 'a binding has no machine for a spine');
  if (topology.secondHost !== undefined)
    return lack(`a second host for ${topology.name}`, 'a binding has no machine for a second host');
  if (topology.queues !== undefined)
    return lack(
      `${topology.queues} queues on each port of ${topology.name}`,
      'the ports of a binding have the queues that they have',
    );
  if (topology.nics !== undefined)
    return lack(`${topology.nics} NICs on the legs of ${topology.name}`, 'the ports of a binding are what they are');
  const ports: PlacedPort[] = [];
  for (const { hostPort, leaf, leafPort } of topology.legs) {
    const hostEnd = host.ports[hostPort];
    const bound = leaves[leaf];
    const leafEnd = bound?.ports[leafPort];
    if (hostEnd === undefined || bound === undefined || leafEnd === undefined)
      return lack(`${topology.name} on these machines`, `the leg from ${hostPort} to ${leaf} ${leafPort} is not bound`);
    ports.push(
      { node: topology.host.node, machine: host.machine, port: hostEnd },
      { node: leaf, machine: bound.machine, port: leafEnd },
    );
  }
  return {
    ports,
    nodes: [
      ...[topology.host, ...topology.vms].map(({ node }) => ({ node, machine: host.machine })),
      ...topology.leaves.map(({ name }) => ({ node: name, machine: leaves[name]?.machine ?? '' })),
    ],
  };
}

/** The topology with the real names and MACs of its legs' ports. */
export function bindTopology(
  topology: Topology,
  binding: Binding,
  macOf: (machine: string, port: string) => string,
): Topology {
  return {
    ...topology,
    legs: topology.legs.map((leg) => {
      const leaf = binding.leaves[leg.leaf];
      const [hostPort, leafPort] = [binding.host.ports[leg.hostPort] ?? '', leaf?.ports[leg.leafPort] ?? ''];
      const [hostMac, leafMac] = [macOf(binding.host.machine, hostPort), macOf(leaf?.machine ?? '', leafPort)];
      return { ...leg, hostPort, leafPort, hostMac, leafMac };
    }),
  };
}
