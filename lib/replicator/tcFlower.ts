import { tcFlower as profile } from '../profile/table/tcFlower.js';
import { FLOWER_FILTER } from './flower/filter.js';
import { installEgress } from './tc/egress.js';
import type { Replicator } from './types.js';

/** Filters of tc at the legs of a kernel bridge or bond. */
export const tcFlower: Replicator = {
  name: 'tc-flower',
  description:
    'tc marks ARP, NS and NA that leave on one leg, by filters of flower, and mirrors them to each other leg with carrier.',
  profile,
  on: ['linux-bridge', 'kernel-bond'],
  install: (context) => installEgress(context, FLOWER_FILTER),
};
