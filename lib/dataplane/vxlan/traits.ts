import type { PlaneTraits } from '../traits.js';

export const VXLAN = 'vxlan';

export const VARIANTS = ['unicast'] as const;

/** Throws RangeError for an unknown name. */
export function vxlanTraits(variant: string): PlaneTraits {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new RangeError(`${VXLAN} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return {
    kind: VXLAN,
    variant,
    lacp: true,
    spreads: 'flows',
    hears: { unicast: 'all', multicast: 'all' },
    tunnels: true,
  };
}
