import { OVS_BONDS, type OvsPlane } from '../ovs/ovsPlane.js';
import { ovsGroup as profile } from '../profile/table/ovsGroup.js';
import { reconcile } from './ovs/reconciler.js';
import { RIGHT } from './ovs/recipe.js';
import type { Replicator } from './types.js';

/** Open vSwitch flows that send ARP, NS and NA of every sender to a group with one bucket per uplink. */
export const ovsGroup: Replicator<OvsPlane> = {
  name: 'ovs-group',
  description:
    'Open vSwitch sends ARP, NS and NA to a group of type all with one bucket per uplink; everything else is NORMAL.',
  profile,
  on: OVS_BONDS,
  install: ({ plane }) => reconcile(plane, RIGHT),
};
