import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const linuxBroadcastNeighbor: Profile = {
  name: 'linux-broadcast-neighbor',
  title: 'Linux bonding, 802.3ad with broadcast_neighbor on',
  source: 'Linux 6.17, drivers/net/bonding/bond_main.c, commit ce7a381697cb',
  duties: {
    // The tag must be metadata (a VLAN device or bridge above the bond); the bond does not look behind a tag in the
    // payload.
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'replicated', qinq: 'single' }),
    rs: 'single',
    'mld-report': 'single',
    // Extension headers are not walked.
    'ns-ext-header': everyForm('single'),
  },
  // Copies go to the live ports of the active aggregator.
  deadLegMustBeSilent: true,
  sendsToLacpDeadLeg: false,
  // A bond does not know what the bridge above it delivers.
  deliversOnHost: true,
};
