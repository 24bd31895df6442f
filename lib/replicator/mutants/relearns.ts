import { portNumber } from '../ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';

/** The local port's number of OpenFlow 1.0, which is what the register of 16 bits holds. */
const OFPP_LOCAL = 0xfffe;

/** As a daemon does that reads its own copy from an uplink and puts it back into the switch there. */
export const relearns = ovsMutant('relearns', "Each copy is handed to the switch again as if it had come in from a leg, so the sender's MAC moves to the bond.", ['table-move'], {
  // From each leg: a bond hears what goes to a group on its active one only.
  besides: (sender, uplinks) => [...uplinks.flatMap(({ ofport }) => [`load:${ofport}->NXM_OF_IN_PORT[]`, 'NORMAL']), `load:${sender.local ? OFPP_LOCAL : portNumber(sender)}->NXM_OF_IN_PORT[]`],
});
