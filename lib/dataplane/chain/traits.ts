import type { PlaneTraits } from '../traits.js';

export const CHAIN = 'chain';

/** One: each VM has a firewall of its own in front of the switch. */
export const VARIANTS = ['hybrid'] as const;

/** The bond below is one of LACP that balances flows. Throws RangeError for an unknown name. */
export function chainTraits(variant: string): PlaneTraits {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new RangeError(`${CHAIN} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return { kind: CHAIN, variant, lacp: true, spreads: 'flows', hears: { unicast: 'all', multicast: 'all' } };
}
