import { pushTag } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';
import { ovsMutant } from './ovsMutant.js';

/** Outputs that name an uplink bypass the bond's hash. */
const pinned = ovsMutant(
  'data-on-one-leg',
  "The right copies, but all data of a sender takes one leg, and the next sender's another one: half of what each could have.",
  ['data-not-spread'],
  {
    others: (sender, uplinks) =>
      ['ip', 'ipv6'].map((what) => ({
        what,
        actions: [
          ...pushTag(sender),
          `output:${uplinks[sender.local ? 0 : sender.ofport % uplinks.length]?.ofport ?? 0}`,
        ],
      })),
  },
);

/** With a single active leg, nothing is spread anyway. */
export const dataOnOneLeg: OvsMutant = { ...pinned, modes: ['balance-slb', 'balance-tcp'] };
