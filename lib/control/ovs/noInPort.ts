import { NEIGHBOR_MATCHES, TO_GROUP } from '../../replicator/ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';

export const noInPort = ovsMutant(
  'no-in-port',
  'The flows do not say where a frame must come from, so a frame of one leaf is copied to the other.',
  ['reflection'],
  {
    anyInPort: NEIGHBOR_MATCHES.map((what) => ({ what, actions: [TO_GROUP] })),
  },
);
