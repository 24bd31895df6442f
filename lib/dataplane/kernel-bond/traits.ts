import type { BondMode } from '../../bonding/mode.js';
import type { PlaneTraits } from '../traits.js';

export const KERNEL_BOND = 'kernel-bond';

/**
 * What a run can try, by the names of the variants: the mode with LACP first, which alone replicates. Of the two modes
 * that hash there are two each: by flow, and by MAC (`layer2`, the kernel's default). All policies hash a frame that is
 * not IP by its MACs, so that they differ in what becomes of data, not of neighbor frames.
 */
const MODES = {
  '802.3ad': { mode: '802.3ad', policy: 'layer3+4' },
  '802.3ad-layer2': { mode: '802.3ad', policy: 'layer2' },
  'balance-xor': { mode: 'balance-xor', policy: 'layer3+4' },
  'balance-xor-layer2': { mode: 'balance-xor', policy: 'layer2' },
  'active-backup': { mode: 'active-backup', policy: null },
  'balance-rr': { mode: 'balance-rr', policy: null },
  broadcast: { mode: 'broadcast', policy: null },
} as const satisfies Readonly<Record<string, BondMode>>;

export const VARIANTS: readonly string[] = Object.keys(MODES);

/** Throws RangeError for an unknown name. */
export function bondModeNamed(variant: string): BondMode {
  const mode = Object.entries(MODES).find(([name]) => name === variant)?.[1];
  if (mode === undefined)
    throw new RangeError(`${KERNEL_BOND} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return mode;
}

/**
 * Traits of the kernel's bond. It takes in frames on each port that its aggregator uses, or that is up; in
 * active-backup on the active one alone (drivers/net/bonding/bond_main.c, bond_should_deliver_exact_match). balance-rr
 * changes legs with every frame, and broadcast sends each on every leg: many flows use all of them. Throws RangeError.
 */
export function kernelBondTraits(variant: string): PlaneTraits {
  const { mode, policy } = bondModeNamed(variant);
  const backup = mode === 'active-backup';
  const hears = backup ? 'active' : 'all';
  return {
    kind: KERNEL_BOND,
    variant,
    lacp: mode === '802.3ad',
    spreads: backup ? 'no' : policy === 'layer2' ? 'sources' : 'flows',
    hears: { unicast: hears, multicast: hears },
    ...(mode === 'broadcast' ? { sendsOnEveryLeg: true } : {}),
  };
}
