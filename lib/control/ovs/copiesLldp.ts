import { TO_GROUP } from '../../replicator/ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';

/** What a bridge would have dropped: each leaf takes the sender for the neighbor on its own port. */
export const copiesLldp = ovsMutant(
  'copies-lldp',
  'The right copies, and copies of the LLDP frames of the host and its VMs.',
  ['data-replicated'],
  { others: () => [{ what: 'dl_type=0x88cc', actions: [TO_GROUP] }] },
);
