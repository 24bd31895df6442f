import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

/** Hosts on which it has run before; a lab has one, and the entry goes with the lab. */
const known = new WeakSet<OvsPlane>();

/**
 * Like a daemon that resumes after a crash from its stored configuration, without what it was told while it ran.
 */
export const forgetsTrunks: OvsMutant = {
  name: 'forgets-trunks',
  description:
    'All is right until it dies; when it runs again it serves access ports only, and neither trunks nor the host itself.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
  install({ plane }) {
    const isBack = known.has(plane);
    known.add(plane);
    return reconcile(plane, isBack ? { ...RIGHT, senders: (port) => port.tag !== null } : RIGHT);
  },
};
