import type { Plane } from '../../dataplane/plane.js';
import { planeName } from '../../dataplane/traits.js';
import type { Attachment, Topology } from '../../topology/model.js';

function attachmentText(topology: Topology, attachment: Attachment): string {
  const vlan = (name: string) => String(topology.networks.find((network) => network.name === name)?.vlan ?? 0);
  switch (attachment.type) {
    case 'native':
      return 'native';
    case 'access':
      return `access:${vlan(attachment.network)}`;
    case 'trunk':
      return `trunk:${attachment.networks.map(vlan).join(',')}`;
  }
}

/**
 * What a user's replicator is told about the lab, as environment variables:
 *
 * - `EVERYLEAF_PLANE`: kind and variant of the data plane, `ovs-bond/balance-tcp`
 * - `EVERYLEAF_UPLINKS`: the host's ends of the legs, `up-a,up-b`
 * - `EVERYLEAF_SENDERS`: the other ports and the VLANs of each, `br0=native vm1=access:20 vm3=trunk:20,30`
 * - and what the data plane adds (`Plane.environment`)
 */
export function labEnvironment(topology: Topology, plane: Plane): Readonly<Record<string, string>> {
  const { host, vms, legs } = topology;
  const senders = [
    `${host.nic}=${attachmentText(topology, host.attachment)}`,
    ...vms.map((vm) => `${vm.hostPort}=${attachmentText(topology, vm.attachment)}`),
  ];
  return {
    ...plane.environment(),
    EVERYLEAF_PLANE: planeName(plane.traits),
    EVERYLEAF_UPLINKS: legs.map((leg) => leg.hostPort).join(','),
    EVERYLEAF_SENDERS: senders.join(' '),
  };
}
