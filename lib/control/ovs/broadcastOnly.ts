import { NEIGHBOR_MATCHES } from '../../replicator/ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';

export const broadcastOnly = ovsMutant(
  'broadcast-only',
  'Only broadcast and multicast neighbor frames are copied.',
  ['missing'],
  { matches: NEIGHBOR_MATCHES.map((what) => `${what},dl_dst=01:00:00:00:00:00/01:00:00:00:00:00`) },
);
