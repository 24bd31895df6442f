import { cameFrom } from './cameFrom.js';
import { ovsMutant } from './ovsMutant.js';
import type { OvsMutant } from './types.js';

/**
 * A MAC that nothing has. The switch first learns it behind the bond, so frames to it that come from there go nowhere.
 */
const NOWHERE = '0x02000000ee02';

/**
 * Like `relearns`, but a frame from the sender's own port puts it right: the table is the same before and after, and no
 * frame is wrong.
 */
const momentary = ovsMutant(
  'relearns-for-a-moment',
  'The MAC of a sender without a tag moves to the bond with each copy, and back at once.',
  ['table-move'],
  {
    besides: (sender, uplinks) => {
      // Frames of other ports get their tag only when they leave, so on the bond their MAC would be in another VLAN.
      if (sender.tag !== null || sender.trunks.length > 0) return [];
      const fromLegs = uplinks.flatMap((uplink) => [cameFrom(uplink), 'NORMAL']);
      return [
        'push:NXM_OF_ETH_DST[]',
        `load:${NOWHERE}->NXM_OF_ETH_DST[]`,
        'push:NXM_OF_ETH_SRC[]',
        `load:${NOWHERE}->NXM_OF_ETH_SRC[]`,
        ...fromLegs,
        'pop:NXM_OF_ETH_SRC[]',
        ...fromLegs,
        // A frame to its own sender is learned, and delivered to no one.
        'move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]',
        cameFrom(sender),
        'NORMAL',
        'pop:NXM_OF_ETH_DST[]',
      ];
    },
  },
);

/**
 * A balance-slb bond learns no MAC that is known at another port, except from gratuitous ARP (ofproto/bond.c,
 * BV_DROP_IF_MOVED).
 */
export const relearnsForAMoment: OvsMutant = { ...momentary, modes: ['active-backup', 'balance-tcp'] };
