import { cameFrom } from './cameFrom.js';
import { ovsMutant } from './ovsMutant.js';

/** Like a daemon that reads its own copy from an uplink and puts it back into the switch there. */
export const relearns = ovsMutant(
  'relearns',
  "Each copy is handed to the switch again as if it had come in from a leg, so the sender's MAC moves to the bond.",
  ['table-move'],
  {
    // From each leg: a bond takes in multicast on its active leg only.
    besides: (sender, uplinks) => [...uplinks.flatMap((uplink) => [cameFrom(uplink), 'NORMAL']), cameFrom(sender)],
  },
);
