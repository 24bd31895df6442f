import type { BondMode } from '../../topology/model.js';
import type { PlaneTraits } from '../traits.js';

export const OVS_BOND = 'ovs-bond';

/**
 * Traits of Open vSwitch's bond by its mode (ofproto/bond.c; what it takes in: bond_check_admissibility). A backup of active-backup drops
 * all frames. Without LACP, balance-slb takes multicast on the active member alone, and unicast on each.
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
