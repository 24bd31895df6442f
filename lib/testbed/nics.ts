import type { Topology } from '../topology/model.js';
import type { Cables } from './cables.js';

/**
 * NICs with SR-IOV of the machine on which a lab is, for the host of that lab: one for each leg, in the order of the
 * topology. Each is one card with one cable: a physical function (PF), and virtual functions (VFs) that are given to VMs.
 */
export interface SriovNics {
  /** Interfaces of the host's node: the PF of each NIC, and the far end of its cable, outside of the NIC. */
  readonly nics: readonly { readonly pf: string; readonly wire: string }[];
  /** How many VFs each can have. */
  readonly most: number;
  /**
   * Makes VFs: number n of each NIC becomes an interface of the node that is number n here, with the name `ownVf(NIC)`.
   * They are down, and their MACs are any. They go with the lab.
   */
  give(nodes: readonly string[]): Promise<void>;
  /** The cable of a NIC is in, or out: all of its functions then lose their link. */
  cable(nic: number, isIn: boolean): Promise<void>;
}

/** How many legs, and so NICs, a host can have at most. */
export const MOST_NICS = 2;
/** How many VFs a NIC can have: those of Intel's 82576 (drivers/net/ethernet/intel/igb/e1000_defines.h). */
export const MOST_VFS = 7;

/** The VF of this NIC, on the node that has it. */
export const ownVf = (nic: number): string => `vf${nic}`;
/** The PF of this NIC, on the host. */
export const pfOf = (nic: number): string => `pf${nic}`;
/** The far end of this NIC's cable, on the host. */
export const wireOf = (nic: number): string => `wire${nic}`;

/** NICs of a machine. */
export interface MachineNics {
  /** What a lab gets of them. */
  readonly offered: { readonly sriov?: SriovNics; readonly cables?: Cables };
  /** From where labs are made to the nodes of one. */
  bring(topology: Topology): Promise<void>;
  /** And back; all VFs go, wherever they are. */
  back(topology: Topology): Promise<void>;
}
