import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const ebpf: Profile = {
  name: 'ebpf',
  title: 'A program of eBPF at the egress of each leg',
  source: 'lib/replicator/ebpf/copies.c: ARP, NS and NA, without a tag and behind one, also behind extension headers',
  duties: {
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' }),
    rs: 'single',
    'mld-report': 'single',
    // Behind up to four headers, as copies.c steps over them.
    'ns-ext-header': { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' },
    ra: everyForm('single'),
  },
  deadLegMustBeSilent: true,
  // Frames between VMs of one bridge do not pass a leg.
  deliversOnHost: true,
};
