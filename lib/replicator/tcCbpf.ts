import { tcCbpf as profile } from '../profile/table/tcCbpf.js';
import { EGRESS_MODES, EGRESS_PLANES } from './egress.js';
import { CBPF_FILTER } from './cbpf/filter.js';
import { installEgress } from './tc/egress.js';
import type { Replicator } from './types.js';

/** Filters of tc at the legs of a kernel bridge. */
export const tcCbpf: Replicator = {
  name: 'tc-cbpf',
  description:
    'tc marks ARP, NS and NA that leave on one leg, by a classifier of classic BPF, and mirrors them to each other leg with carrier.',
  profile,
  on: EGRESS_PLANES,
  modes: EGRESS_MODES,
  install: (context) => installEgress(context, CBPF_FILTER),
};
