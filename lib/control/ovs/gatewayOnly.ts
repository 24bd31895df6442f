import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { MULTICAST, NEIGHBOR_MATCHES, RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

export const gatewayOnly: OvsMutant = {
  name: 'gateway-only',
  description: 'Unicast neighbor frames are copied to the gateway only, not to other machines behind the leaves.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
  install({ lab, plane }) {
    const gateway = `dl_dst=${lab.topology.leaves[0]?.gatewayMac ?? ''}`;
    return reconcile(plane, {
      ...RIGHT,
      matches: NEIGHBOR_MATCHES.flatMap((what) => [`${what},${MULTICAST}`, `${what},${gateway}`]),
    });
  },
};
