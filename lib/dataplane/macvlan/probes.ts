import type { Capability } from '../../doctor/types.js';

/** A macvlan whose frames are handed on to another link. */
export const MACVLAN_PORT: Capability = {
  name: 'macvlan',
  neededFor: "what VMs are attached to, above the port of the host's switch",
  need: 'required',
  tools: ['ip', 'nft'],
  script: [
    'ip link add name below0 type veth peer name beyond0',
    'ip link add link below0 name macvlan0 type macvlan mode bridge',
    'ip link set dev macvlan0 allmulticast on',
    `nft 'table netdev t { chain c { type filter hook ingress device "macvlan0" priority 200; fwd to "below0"; }; }'`,
  ].join('\n'),
  command: 'ip link add link below0 name macvlan0 type macvlan mode bridge',
};
