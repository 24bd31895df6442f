import type { Sender, Topology } from './model.js';

/** All senders of probes: the host's own stack first, then the VMs. */
export function sendersOf({ host, vms }: Pick<Topology, 'host' | 'vms'>): readonly Sender[] {
  return [host, ...vms];
}

/** Throws RangeError for a name that this topology does not have. */
export function senderNamed(topology: Topology, name: string): Sender {
  const senders = sendersOf(topology);
  const found = senders.find((sender) => sender.node === name);
  if (found === undefined)
    throw new RangeError(
      `this topology has no sender "${name}"; there are ${senders.map((sender) => sender.node).join(', ')}`,
    );
  return found;
}
