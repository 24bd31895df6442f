import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { MULTICAST, NEIGHBOR_MATCHES, RIGHT } from '../../replicator/ovs/recipe.js';
import type { Mutant } from '../../replicator/types.js';

export const gatewayOnly: Mutant = {
  name: 'gateway-only',
  description: 'Unicast neighbor frames are copied to the gateway only, not to other machines behind the leaves.',
  profile: ovsGroup,
  mustShow: ['missing'],
  install(lab, host) {
    const gateway = `dl_dst=${lab.topology.leaves[0]?.gatewayMac ?? ''}`;
    return reconcile(host, {
      ...RIGHT,
      matches: NEIGHBOR_MATCHES.flatMap((what) => [`${what},${MULTICAST}`, `${what},${gateway}`]),
    });
  },
};
