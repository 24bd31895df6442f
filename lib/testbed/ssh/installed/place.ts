import type { Binding } from '../../../binding/schema.js';
import type { Topology } from '../../../topology/model.js';
import type { Lack } from '../../capability.js';
import { place, type Placement } from '../placement.js';

/** Where a sender's interface is. */
export interface SenderPlace {
  readonly machine: string;
  /** Its namespace there; null for that of the machine itself. */
  readonly netns: string | null;
  readonly interface: string;
}

/** Where a sender works, or why nobody works there. */
export function senderPlace(topology: Topology, binding: Binding, node: string): SenderPlace | Lack {
  const sender = binding.senders[node];
  const what = `frames of ${node}`;
  const command = `everyleaf check ${binding.binding}`;
  if (sender === undefined)
    return { what, command, output: `the binding does not say where it is: add senders: { ${node}: ... }` };
  const { machine = binding.host.machine, netns = null, interface: nic } = sender;
  if (machine === null)
    return { what, command, output: 'nobody logs in to it (machine: null): it only answers to leaves' };
  if (nic === undefined && node !== topology.host.node)
    return { what, command, output: `the binding does not name its interface: add senders.${node}.interface` };
  return { machine, netns, interface: nic ?? topology.host.nic };
}

/** Places the nodes of a topology on machines that are what they are. */
export function placeInstalled(topology: Topology, binding: Binding, file: string): Placement | Lack {
  const placed = place(topology, binding, file);
  if ('what' in placed) return placed;
  const leaves = placed.nodes.filter(({ node }) => topology.leaves.some(({ name }) => name === node));
  const senders = [topology.host, ...topology.vms].flatMap(({ node }) => {
    const there = senderPlace(topology, binding, node);
    // The ports of the legs are the host's, whether its own stack can send or not.
    if ('what' in there) return node === topology.host.node ? [{ node, machine: binding.host.machine }] : [];
    return [{ node, machine: there.machine }];
  });
  return { ports: placed.ports, nodes: [...senders, ...leaves] };
}
