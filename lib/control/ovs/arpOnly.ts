import { ovsMutant } from './ovsMutant.js';

export const arpOnly = ovsMutant('arp-only', 'ARP is copied; Neighbor Discovery is forgotten.', ['missing'], {
  matches: ['arp'],
});
