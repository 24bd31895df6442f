import type { Capability } from '../../doctor/types.js';

/** Classes of htb, into which rules of nftables put frames. */
export const HTB_CLASSES: Capability = {
  name: 'htb',
  neededFor: 'uplinks with a limited rate, and a class for what must not wait',
  need: 'required',
  tools: ['ip', 'tc', 'nft'],
  script: [
    'ip link add name leg0 type veth peer name leg1',
    'tc qdisc add dev leg0 root handle 1: htb default 10',
    'tc class add dev leg0 parent 1: classid 1:10 htb rate 4mbit prio 1',
    'tc qdisc add dev leg0 parent 1:10 pfifo limit 50',
    `nft 'table netdev t { chain c { type filter hook egress device "leg0" priority 50; meta priority set 0x00010010; }; }'`,
  ].join('\n'),
  command: 'tc qdisc add dev leg0 root handle 1: htb default 10',
};
