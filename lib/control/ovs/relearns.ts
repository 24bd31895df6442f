import { cameFrom } from './cameFrom.js';
import { ovsMutant } from './ovsMutant.js';

/** As a daemon does that reads its own copy from an uplink and puts it back into the switch there. */
export const relearns = ovsMutant(
  'relearns',
  "Each copy is handed to the switch again as if it had come in from a leg, so the sender's MAC moves to the bond.",
  ['table-move'],
  {
    // From each leg: a bond hears what goes to a group on its active one only.
    besides: (sender, uplinks) => [...uplinks.flatMap((uplink) => [cameFrom(uplink), 'NORMAL']), cameFrom(sender)],
  },
);
