import type { PlaneTraits } from '../traits.js';

export const INSTALLED = 'installed';

const AS_IT_IS = 'as-it-is';
export const VARIANTS = [AS_IT_IS] as const;

/**
 * Of what is installed nothing is taken for granted: no LACP is demanded, and no way in which data are spread. What a
 * host hears is told by no capture there.
 */
export function installedTraits(): PlaneTraits {
  return {
    kind: INSTALLED,
    variant: AS_IT_IS,
    lacp: false,
    spreads: 'no',
    hears: { unicast: 'all', multicast: 'all' },
  };
}
