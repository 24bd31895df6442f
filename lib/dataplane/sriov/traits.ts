import type { BondMode } from '../../bonding/mode.js';
import type { PlaneTraits } from '../traits.js';

export const SRIOV = 'sriov';

/**
 * What can be a bond above virtual functions: one that asks nothing of the leaf. LACP cannot be: its frames go to a group
 * address, and every function of a NIC, with one cable between them, would be a partner of its own. In balance-rr and
 * broadcast all that the bond of kernel-bond shows is the same here.
 */
const MODES = {
  'active-backup': { mode: 'active-backup', policy: null },
  'balance-xor': { mode: 'balance-xor', policy: 'layer3+4' },
} as const satisfies Readonly<Record<string, BondMode>>;

export const VARIANTS: readonly string[] = Object.keys(MODES);

/** Throws RangeError for an unknown name. */
export function bondModeNamed(variant: string): BondMode {
  const mode = Object.entries(MODES).find(([name]) => name === variant)?.[1];
  if (mode === undefined) throw new RangeError(`${SRIOV} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return mode;
}

/**
 * Traits of bonds above virtual functions. The NIC learns nothing: it knows the MACs of its functions. That it has lost its link it tells
 * them by a message, whose interrupt QEMU's model gives to the wrong vector (hw/net/igb_core.c, mailbox_interrupt_to_vf), so
 * that no function ever hears of it. Throws RangeError.
 */
export function sriovTraits(variant: string): PlaneTraits {
  const { mode } = bondModeNamed(variant);
  const hears = mode === 'active-backup' ? 'active' : 'all';
  return {
    kind: SRIOV,
    variant,
    lacp: false,
    spreads: mode === 'active-backup' ? 'no' : 'flows',
    hears: { unicast: hears, multicast: hears },
    learnsLegs: false,
    noticesCarrier: false,
    onHost: 'joined',
    returnsOwn: true,
  };
}
