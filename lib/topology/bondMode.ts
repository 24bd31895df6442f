import type { BondMode, Topology } from './model.js';

export const BOND_MODES = ['active-backup', 'balance-slb', 'balance-tcp'] as const satisfies readonly BondMode[];

/** The same wiring with another bond mode. LACP follows the mode: only balance-tcp needs it, and gets it. */
export function withBondMode(topology: Topology, mode: BondMode): Topology {
  const { host } = topology;
  return { ...topology, host: { ...host, bond: { name: host.bond.name, mode, lacp: mode === 'balance-tcp' ? 'active' : 'off' } } };
}
