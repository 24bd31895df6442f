import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { Mutant } from '../../replicator/types.js';
import { refreshing } from './refreshing.js';

export const invents: Mutant = {
  name: 'invents',
  description:
    'The right copies, and beside them gratuitous ARP in the name of every sender, which none of them ever sent.',
  profile: ovsGroup,
  mustShow: ['invented'],
  install: async (lab, host) => refreshing(await reconcile(host, RIGHT), lab),
};
