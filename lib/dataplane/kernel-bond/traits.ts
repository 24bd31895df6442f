import type { PlaneTraits } from '../traits.js';

export const KERNEL_BOND = 'kernel-bond';

/** The one mode of a kernel bond in which leaves see one partner on all legs. */
export const VARIANTS = ['802.3ad'] as const;

/** Traits of the kernel's bond. It takes in frames on each port that its aggregator uses. Throws RangeError. */
export function kernelBondTraits(variant: string): PlaneTraits {
  if (!VARIANTS.some((one) => one === variant))
    throw new RangeError(`${KERNEL_BOND} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return { kind: KERNEL_BOND, variant, lacp: true, spreads: 'flows', hears: { unicast: 'all', multicast: 'all' } };
}
