import type { BondMode, Topology } from './model.js';

export const BOND_MODES = ['active-backup', 'balance-slb', 'balance-tcp'] as const satisfies readonly BondMode[];

/** Whether the bond of this mode has LACP partners. */
export function speaksLacp(mode: BondMode): boolean {
  return mode === 'balance-tcp';
}

/** The same wiring with another bond mode. LACP follows the mode: only balance-tcp needs it, and gets it. */
export function withBondMode(topology: Topology, mode: BondMode): Topology {
  const { host } = topology;
  return {
    ...topology,
    host: { ...host, bond: { name: host.bond.name, mode, lacp: speaksLacp(mode) ? 'active' : 'off' } },
  };
}
