import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

/** A guard against reflected frames that is too broad; captures at the leaves do not show it. */
export const dropsInboundTcp: OvsMutant = {
  name: 'drops-inbound-tcp',
  description: 'The right copies, but TCP frames of the gateway never reach the host and its VMs.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing-inbound'],
  install: ({ lab, plane }) =>
    reconcile(plane, {
      ...RIGHT,
      anyInPort: [{ what: `tcp,dl_src=${lab.topology.leaves[0]?.gatewayMac ?? ''}`, actions: ['drop'] }],
    }),
};
