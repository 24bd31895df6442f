import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { none } from '../../replicator/none.js';
import type { OvsMutant } from './types.js';

export const off: OvsMutant = {
  ...none,
  name: 'off',
  description: 'Nothing is copied: the bond hashes each frame to one leg.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
};
