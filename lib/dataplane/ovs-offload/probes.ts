import type { Capability } from '../../doctor/types.js';

/** A switch in the kernel, and the filters that its flows become. */
export const OFFLOAD: Capability = {
  name: 'ovs-offload',
  neededFor: 'the data plane ovs-offload; guests of --testbed vm have it',
  need: 'required',
  tools: ['ip', 'tc', 'ovs-dpctl'],
  script: [
    'ovs-dpctl add-dp system@tried0',
    'ip link add name bond0 type dummy',
    'tc qdisc add dev bond0 ingress_block 1 ingress',
    'tc filter add block 1 protocol 802.1Q flower skip_hw vlan_id 20 vlan_ethtype arp arp_op request action vlan pop pipe action mirred egress mirror dev bond0',
  ].join('\n'),
  command: 'tc filter add block 1 protocol 802.1Q flower skip_hw vlan_id 20 vlan_ethtype arp action vlan pop',
};
