import { ovsMutant } from './ovsMutant.js';

export const replicateAll = ovsMutant(
  'replicate-all',
  'Every frame of a sender is copied, data too.',
  ['data-replicated'],
  { matches: ['arp', 'ip', 'ipv6'] },
);
