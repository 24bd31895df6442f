import { ovsMutant } from './ovsMutant.js';

export const requestsOnly = ovsMutant(
  'requests-only',
  'Requests and solicitations are copied; replies and advertisements are not.',
  ['missing'],
  { matches: ['arp,arp_op=1', 'icmp6,icmp_type=135'] },
);
