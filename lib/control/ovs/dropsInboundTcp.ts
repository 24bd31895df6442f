import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { Mutant } from '../../replicator/types.js';

/** A guard against what comes back that is too broad; whoever looks at the leaves only sees nothing of it. */
export const dropsInboundTcp: Mutant = {
  name: 'drops-inbound-tcp',
  description: 'The right copies, but TCP frames of the gateway never reach the host and its VMs.',
  profile: ovsGroup,
  mustShow: ['missing-inbound'],
  install: (lab, host) =>
    reconcile(host, {
      ...RIGHT,
      anyInPort: [{ what: `tcp,dl_src=${lab.topology.leaves[0]?.gatewayMac ?? ''}`, actions: ['drop'] }],
    }),
};
