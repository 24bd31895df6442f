import type { PlaneTraits } from '../traits.js';

export const LINUX_BRIDGE = 'linux-bridge';

/**
 * How a host without a bond can use two ports of one bridge. The first has one leg for everything, the second one for
 * each source MAC.
 */
export const VARIANTS = ['active-backup', 'per-mac'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Throws RangeError for an unknown name. */
export function variantNamed(name: string): Variant {
  const variant = VARIANTS.find((one) => one === name);
  if (variant === undefined)
    throw new RangeError(`${LINUX_BRIDGE} has no variant "${name}"; it has ${VARIANTS.join(', ')}`);
  return variant;
}

/** A leg that sends nothing takes frames in all the same. */
export function linuxBridgeTraits(variant: Variant): PlaneTraits {
  return {
    kind: LINUX_BRIDGE,
    variant,
    lacp: false,
    spreads: variant === 'per-mac' ? 'sources' : 'no',
    hears: { unicast: 'all', multicast: 'all' },
    movesFlows: true,
    // Each leg but an active one is made not to learn, and with a leg for each MAC none is active.
    ...(variant === 'per-mac' ? { learnsLegs: false } : {}),
  };
}
