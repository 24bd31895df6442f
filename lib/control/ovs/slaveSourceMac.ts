import { ovsMutant } from './ovsMutant.js';

export const slaveSourceMac = ovsMutant(
  'slave-source-mac',
  'The second copy leaves with a source MAC of its own.',
  ['identity'],
  {
    buckets: (uplink, index) => [
      index === 1
        ? `actions=set_field:02:00:00:00:5a:5a->eth_src,output:${uplink.ofport}`
        : `actions=output:${uplink.ofport}`,
    ],
  },
);
