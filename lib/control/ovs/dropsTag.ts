import { ovsMutant } from './ovsMutant.js';

export const dropsTag = ovsMutant('drops-tag', 'The second copy leaves without its VLAN tag.', ['identity'], {
  buckets: (uplink, index) => [
    index === 1 ? `actions=pop_vlan,output:${uplink.ofport}` : `actions=output:${uplink.ofport}`,
  ],
  senders: (port) => port.tag !== null || port.trunks.length > 0,
});
