import type { AuditFact, MacEntry, MacMoves } from '../evidence/types.js';
import type { OvsSwitch } from './ovs-bond/switch.js';
import type { PlaneTraits } from './traits.js';
import type { BondMode } from '../topology/model.js';
import type { Lab } from '../testbed/types.js';

/** How a host joins its uplinks, and what the leaves must be for that. */
export interface DataPlane {
  readonly traits: PlaneTraits;
  readonly mode: BondMode;
  /** Brings the switches up on a wired lab and waits until every leg carries frames. */
  raise(lab: Lab): Promise<HostSwitch>;
}

/** The host's switch, as replicators and scenarios see it. */
export interface HostSwitch {
  readonly plane: DataPlane;
  readonly ovs: OvsSwitch;
  readonly leaves: ReadonlyMap<string, OvsSwitch>;
  /** Resolves when every leg that is up takes part in the bond again. */
  settled(expectedLegs: readonly string[], withinMs?: number): Promise<void>;
  /** Host and leaves ask for LACPDUs every 30 s instead of every second, and wait 90 s for them; resolves when each has heard one since. */
  slowLacp(): Promise<void>;
  /** The leg that an active-backup bond uses; null in the other modes. */
  activeLeg(): Promise<string | null>;
  /** The only leg on which the bond takes broadcast and multicast frames; null where it takes them on each. */
  broadcastLeg(): Promise<string | null>;
  /** From now on host and leaves forget a MAC after `macAgeing` without a frame of it, and not after minutes. */
  ageMacs(): Promise<void>;
  macTable(): Promise<readonly MacEntry[]>;
  /** How often a MAC has moved in the switch of the host and of each leaf; those that do not answer `withinMs` (whole seconds) are left out. */
  macMoves(withinMs?: number): Promise<MacMoves>;
  /** Facts of the bond and the LACP partner (P15). */
  audit(): Promise<readonly AuditFact[]>;
}
