import type { BondMode } from '../../bonding/mode.js';
import type { PlaneTraits } from '../traits.js';

export const OVS_OFFLOAD = 'ovs-offload';

/** The bond below the switch: the one mode in which the kernel's own replicator works. */
export const BOND_MODE: BondMode = { mode: '802.3ad', policy: 'layer3+4' };

export const VARIANTS = [BOND_MODE.mode] as const;

/** Throws RangeError for an unknown name. */
export function ovsOffloadTraits(variant: string): PlaneTraits {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new RangeError(`${OVS_OFFLOAD} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return { kind: OVS_OFFLOAD, variant, lacp: true, spreads: 'flows', hears: { unicast: 'all', multicast: 'all' } };
}
