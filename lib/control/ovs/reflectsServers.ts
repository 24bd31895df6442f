import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { NEIGHBOR_MATCHES, RIGHT, TO_GROUP } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

/** A guard is usually written for the leaf's own frames; frames of the servers behind it come in on the same leg. */
export const reflectsServers: OvsMutant = {
  name: 'reflects-servers',
  description: "A frame that comes in from one leaf is copied to the other unless it is the gateway's own.",
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['reflection'],
  install({ lab, plane }) {
    const gateway = `dl_src=${lab.topology.leaves[0]?.gatewayMac ?? ''}`;
    const spared = NEIGHBOR_MATCHES.map((what) => ({ what: `${what},${gateway}`, actions: ['NORMAL'] }));
    return reconcile(plane, {
      ...RIGHT,
      anyInPort: [...spared, ...NEIGHBOR_MATCHES.map((what) => ({ what, actions: [TO_GROUP] }))],
    });
  },
};
