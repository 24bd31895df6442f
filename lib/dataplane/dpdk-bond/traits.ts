import type { PlaneTraits } from '../traits.js';

export const DPDK_BOND = 'dpdk-bond';

/**
 * Modes of DPDK's bonding driver, by their names there, with the numbers that it takes (rte_eth_bond.h): the one with
 * LACP first. Modes 5 and 6, which choose legs by load, are left out.
 */
const MODES = { '802.3ad': 4, 'active-backup': 1, balance: 2, 'round-robin': 0, broadcast: 3 } as const;
export type Variant = keyof typeof MODES;

export const VARIANTS = Object.keys(MODES) as readonly Variant[];

/** Throws RangeError for an unknown name. */
export function variantNamed(name: string): Variant {
  const variant = VARIANTS.find((one) => one === name);
  if (variant === undefined)
    throw new RangeError(`${DPDK_BOND} has no variant "${name}"; it has ${VARIANTS.join(', ')}`);
  return variant;
}

export const modeNumber = (variant: Variant): number => MODES[variant];

/**
 * Traits of DPDK's bond (drivers/net/bonding/rte_eth_bond_pmd.c). It polls each leg that is active; in mode 1 the primary
 * one alone (bond_ethdev_rx_burst_active_backup). Mode 0 changes legs with every frame, and mode 3 sends each on every leg:
 * many flows use all of them. The driver that stands for a NIC here says that its link is up, whatever becomes of the
 * carrier.
 */
export function dpdkBondTraits(variant: Variant): PlaneTraits {
  const hears = variant === 'active-backup' ? 'active' : 'all';
  return {
    kind: DPDK_BOND,
    variant,
    lacp: variant === '802.3ad',
    spreads: variant === 'active-backup' ? 'no' : 'flows',
    hears: { unicast: hears, multicast: hears },
    movesFlows: true,
    noticesCarrier: false,
    ...(variant === 'broadcast' ? { sendsOnEveryLeg: true } : {}),
  };
}
