import type { HostSwitch } from '../../dataplane/types.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { Mutant } from '../../replicator/types.js';

/** Hosts on which it has run before; a lab has one, and takes it along. */
const known = new WeakSet<HostSwitch>();

/** As a daemon does that takes up, after its death, what it finds written down, and not what was told to it while it ran. */
export const forgetsTrunks: Mutant = {
  name: 'forgets-trunks',
  description:
    'All is right until it dies; when it runs again it serves access ports only, and neither trunks nor the host itself.',
  profile: ovsGroup,
  mustShow: ['missing'],
  install(_lab, host) {
    const isBack = known.has(host);
    known.add(host);
    return reconcile(host, isBack ? { ...RIGHT, senders: (port) => port.tag !== null } : RIGHT);
  },
};
