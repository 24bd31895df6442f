import type { PlaneTraits } from '../traits.js';

export const OVS_BOND = 'ovs-bond';

/** Bond modes of Open vSwitch, in the order in which a run takes them: the one with LACP first. */
export const BOND_MODES = ['balance-tcp', 'balance-slb', 'active-backup'] as const;
export type BondMode = (typeof BOND_MODES)[number];

/** Throws RangeError for an unknown name. */
export function bondModeNamed(name: string): BondMode {
  const mode = BOND_MODES.find((one) => one === name);
  if (mode === undefined)
    throw new RangeError(`${OVS_BOND} has no bond mode "${name}"; it has ${BOND_MODES.join(', ')}`);
  return mode;
}

/**
 * Traits of Open vSwitch's bond by its mode (ofproto/bond.c; what it takes in: bond_check_admissibility). A backup
 * member of active-backup drops all frames. Without LACP, balance-slb takes in multicast on the active member only, and
 * unicast on each.
 */
export function ovsBondTraits(mode: BondMode): PlaneTraits {
  const plane = { kind: OVS_BOND, variant: mode };
  switch (mode) {
    case 'active-backup':
      return { ...plane, lacp: false, spreads: 'no', hears: { unicast: 'active', multicast: 'active' } };
    case 'balance-slb':
      return { ...plane, lacp: false, spreads: 'sources', hears: { unicast: 'all', multicast: 'active' } };
    case 'balance-tcp':
      return { ...plane, lacp: true, spreads: 'flows', hears: { unicast: 'all', multicast: 'all' } };
  }
}
