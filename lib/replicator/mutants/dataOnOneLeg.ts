import { pushTag } from '../ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';

/** Outputs that name an uplink go past the bond's hash. */
export const dataOnOneLeg = ovsMutant('data-on-one-leg', 'The right copies, but all data takes the first leg: half of what the host paid for.', ['data-not-spread'], {
  others: (sender, [first]) => ['ip', 'ipv6'].map((what) => ({ what, actions: [...pushTag(sender), `output:${first?.ofport ?? 0}`] })),
});
