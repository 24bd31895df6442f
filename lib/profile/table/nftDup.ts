import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const nftDup: Profile = {
  name: 'nft-dup',
  title: 'nftables, ARP, NS and NA copied at the egress of each leg',
  source: 'Rules for ARP, NS and NA, and for the same behind one tag, with "dup to", tried with nftables 1.0.6',
  duties: {
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' }),
    rs: 'single',
    'mld-report': 'single',
    // "icmpv6 type" looks behind extension headers (net/netfilter/nf_tables_ipv6.h); the offsets behind a tag do not.
    'ns-ext-header': { untagged: 'replicated', tagged: 'unjudged', qinq: 'unjudged' },
    ra: everyForm('single'),
  },
  deadLegMustBeSilent: true,
  // Frames between VMs of one bridge do not pass a leg.
  deliversOnHost: true,
};
