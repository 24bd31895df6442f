import type { Profile } from '../types.js';

/**
 * The catalogue's own expectations: for what is broken on purpose, and for a replicator that declares nothing.
 */
export const everyNeighborFrame: Profile = {
  name: 'every-neighbor-frame',
  title: 'Every ARP, NS and NA frame on every live leaf',
  source: 'The catalogue of kinds: RFC 826, RFC 4861, RFC 4862, RFC 5227, RFC 7527',
  duties: {},
  deadLegMustBeSilent: true,
  deliversOnHost: true,
};
