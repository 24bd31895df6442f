import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { BRIDGE } from '../../ovs/bridge.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

const METER_ID = 1;
/** Frames per second that get through on average, and the size of the burst. */
const RATE = 300;

/**
 * Like a storm guard that is sized for one VM and not for a rack of them; a few frames at a time never reach its limit.
 */
export const meters: OvsMutant = {
  name: 'meters',
  description: `Of all neighbor frames together it lets ${RATE} a second through.`,
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
  async install({ plane }) {
    await plane.ovs.ofctl([
      'add-meter',
      BRIDGE,
      `meter=${METER_ID},pktps,burst,band=type=drop,rate=${RATE},burst_size=${RATE}`,
    ]);
    return reconcile(plane, { ...RIGHT, besides: () => [`meter:${METER_ID}`] });
  },
};
