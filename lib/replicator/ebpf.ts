import { ebpf as profile } from '../profile/table/ebpf.js';
import { EGRESS_MODES, EGRESS_PLANES } from './egress.js';
import { EBPF_FILTER } from './ebpf/filter.js';
import { installEgress } from './tc/egress.js';
import type { Replicator } from './types.js';

/** A program at the legs of a kernel bridge. */
export const ebpf: Replicator = {
  name: 'ebpf',
  description:
    'A program at the egress hook of tc copies ARP, NS and NA that leave on one leg to each other leg with carrier.',
  profile,
  on: EGRESS_PLANES,
  modes: EGRESS_MODES,
  install: (context) => installEgress(context, EBPF_FILTER),
};
