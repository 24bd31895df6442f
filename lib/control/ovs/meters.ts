import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { BRIDGE } from '../../replicator/ovs/ports.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { Mutant } from '../../replicator/types.js';

const METER_ID = 1;
/** Frames per second that get through in the long run, and as many at once. */
const RATE = 300;

/** As a guard against storms does that is set for one VM and not for a rack of them; few frames at a time never meet it. */
export const meters: Mutant = {
  name: 'meters',
  description: `Of all neighbor frames together it lets ${RATE} a second through.`,
  profile: ovsGroup,
  mustShow: ['missing'],
  async install(_lab, host) {
    await host.ovs.ofctl([
      'add-meter',
      BRIDGE,
      `meter=${METER_ID},pktps,burst,band=type=drop,rate=${RATE},burst_size=${RATE}`,
    ]);
    return reconcile(host, { ...RIGHT, besides: () => [`meter:${METER_ID}`] });
  },
};
