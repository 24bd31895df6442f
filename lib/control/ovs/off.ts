import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { none } from '../../replicator/none.js';
import type { Mutant } from '../../replicator/types.js';

export const off: Mutant = {
  ...none,
  name: 'off',
  description: 'Nothing is copied: the bond hashes each frame to one leg.',
  profile: ovsGroup,
  mustShow: ['missing'],
};
