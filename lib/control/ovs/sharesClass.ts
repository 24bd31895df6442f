import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

/** The recipe as it is written for hosts whose uplinks have room for all. */
export const sharesClass: OvsMutant = {
  name: 'shares-class',
  description: 'The right copies, in the class of data: on an uplink that is full of data they wait, or are dropped.',
  mustFind: ['missing'],
  profile: ovsGroup,
  on: ['qos'],
  install: ({ plane }) => reconcile(plane, RIGHT),
};
