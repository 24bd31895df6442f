import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';
import { refreshing } from './refreshing.js';

export const invents: OvsMutant = {
  name: 'invents',
  description:
    'The right copies, and beside them gratuitous ARP in the name of every sender, which none of them ever sent.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['invented'],
  install: async ({ lab, plane }) => refreshing(await reconcile(plane, RIGHT), lab),
};
