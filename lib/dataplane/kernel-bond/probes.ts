import type { Capability } from '../../doctor/types.js';

/** A bridge that keeps VLANs apart. */
export const VLAN_BRIDGE: Capability = {
  name: 'bridge vlan',
  neededFor: 'VMs on the data plane kernel-bond; guests of --testbed vm have it',
  need: 'required',
  tools: ['ip', 'bridge'],
  script: [
    'ip link add name vmbr0 type bridge vlan_filtering 1',
    'ip link add name vm0 type veth peer name vm1',
    'ip link set dev vm0 master vmbr0',
    'bridge vlan add dev vm0 vid 20 pvid untagged',
  ].join('\n'),
  command: 'bridge vlan add dev vm0 vid 20 pvid untagged',
};
