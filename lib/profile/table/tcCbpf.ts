import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const tcCbpf: Profile = {
  name: 'tc-cbpf',
  title: 'tc, a classifier of classic BPF at the egress of each leg',
  source:
    'lib/replicator/cbpf/program.ts: ARP, NS and NA, without a tag and behind one, also behind one extension header',
  duties: {
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' }),
    rs: 'single',
    'mld-report': 'single',
    'ns-ext-header': { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' },
    ra: everyForm('single'),
  },
  deadLegMustBeSilent: true,
  // Frames between VMs of one bridge do not pass a leg.
  deliversOnHost: true,
};
