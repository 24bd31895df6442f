import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';
import { refreshing } from './refreshing.js';

/** No interface of a lab has it. */
const STRANGER = '02:00:00:5e:ee:02';

/**
 * Like a daemon that floods what it heard elsewhere. It may send frames of its own with the host's MACs; that does not
 * excuse these.
 */
export const inventsStrangers: OvsMutant = {
  name: 'invents-strangers',
  description:
    'The right copies by a program on the host, and beside them gratuitous ARP and data with a MAC that nobody has.',
  profile: ovsGroup,
  on: OVS_PLANES,
  speaksOnHost: true,
  mustFind: ['invented'],
  install: async ({ lab, plane }) =>
    refreshing(await reconcile(plane, RIGHT), lab, { kinds: ['garp-request', 'data-udp'], macOf: () => STRANGER }),
};
