import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const anolis: Profile = {
  name: 'anolis',
  title: 'Anolis and openEuler kernels, bonding broadcast_arp_or_nd sysctl',
  source: 'Anolis and openEuler kernel trees, drivers/net/bonding/bond_main.c; 802.3ad and balance-xor',
  duties: {
    // ND with a code other than 0 is left alone there; in the catalogue such a frame is nd-malformed and not judged.
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'replicated', qinq: 'single' }),
    rs: 'single',
    'mld-report': 'single',
    'ns-ext-header': everyForm('single'),
  },
  // Copies go to every slave that is up, in an active aggregator or not.
  deadLegMustBeSilent: true,
  sendsToLacpDeadLeg: true,
  // A bond does not know what the bridge above it delivers.
  deliversOnHost: true,
};
