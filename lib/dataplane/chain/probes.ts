import type { Capability } from '../../doctor/types.js';

/** A filter where a bridge forwards. */
export const INLINE_FIREWALL: Capability = {
  name: 'nft bridge forward',
  neededFor: 'the firewall between a VM and the switch',
  need: 'required',
  tools: ['ip', 'nft'],
  script: [
    'ip link add name qbr0 type bridge mcast_snooping 0',
    `nft 'table bridge t { chain c { type filter hook forward priority 0; ether type arp accept; oifname "leg0" ip protocol sctp drop; }; }'`,
  ].join('\n'),
  command: 'nft table bridge t { chain c { type filter hook forward priority 0; }; }',
};
