import type { Capability } from '../../doctor/types.js';

/** A bridge whose legs are isolated, and which learns only on chosen ports. */
export const BRIDGE_PORTS: Capability = {
  name: 'bridge',
  neededFor: "the host's switch: legs are isolated ports of it",
  need: 'required',
  tools: ['ip', 'bridge'],
  script: [
    'ip link add name vmbr0 type bridge',
    'ip link add name leg0 type veth peer name leg1',
    'ip link set leg0 master vmbr0',
    'ip link set dev leg0 type bridge_slave isolated on learning off fdb_flush',
    'bridge -j -d link show | grep -q \'"isolated":true\'',
  ].join('\n'),
  command: 'ip link set dev leg0 type bridge_slave isolated on learning off fdb_flush',
};

/** A filter in the bridge that gives each leg its share of what leaves. */
export const BRIDGE_FILTER: Capability = {
  name: 'nft bridge',
  neededFor: 'what leaves on which leg of the bridge',
  need: 'required',
  tools: ['nft'],
  script: `nft 'table bridge t { chain c { type filter hook postrouting priority 0; oifname "leg0" @ll,88,8 != { 0, 2 } drop; }; }'`,
};
