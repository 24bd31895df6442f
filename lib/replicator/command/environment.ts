import type { HostSwitch } from '../../dataplane/types.js';
import type { Attachment, Topology } from '../../topology/model.js';
import { BRIDGE } from '../ovs/ports.js';

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
 * - `EVERYLEAF_BRIDGE`, `EVERYLEAF_BOND`: names of the host's bridge and of the bond in it
 * - `EVERYLEAF_UPLINKS`: the bond's members, `up-a,up-b`
 * - `EVERYLEAF_SENDERS`: the other ports and what is behind each, `br0=native vm1=access:20 vm3=trunk:20,30`
 * - `EVERYLEAF_VSWITCHD`: control socket of the host's switch, for `ovs-appctl -t`
 * - `OVS_RUNDIR` and its like, so that plain `ovs-vsctl` and `ovs-ofctl` reach the host's switch and no other
 */
export function labEnvironment(topology: Topology, host: HostSwitch): Readonly<Record<string, string>> {
  const senders = [
    `${BRIDGE}=${attachmentText(topology, topology.host.attachment)}`,
    ...topology.vms.map((vm) => `${vm.hostPort}=${attachmentText(topology, vm.attachment)}`),
  ];
  return {
    ...host.ovs.env,
    EVERYLEAF_BRIDGE: BRIDGE,
    EVERYLEAF_BOND: topology.host.bond.name,
    EVERYLEAF_UPLINKS: topology.legs.map((leg) => leg.hostPort).join(','),
    EVERYLEAF_SENDERS: senders.join(' '),
    EVERYLEAF_VSWITCHD: host.ovs.control,
  };
}
