import { ovsMutant } from './ovsMutant.js';

export const fixedPriority = ovsMutant(
  'fixed-priority',
  'Every tagged copy of a trunk leaves with priority 3, whatever it had.',
  ['identity'],
  {
    buckets: (uplink) => [`actions=set_field:3->vlan_pcp,output:${uplink.ofport}`],
    senders: (port) => port.trunks.length > 0,
  },
);
