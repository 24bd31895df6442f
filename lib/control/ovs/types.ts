import type { OvsPlane } from '../../ovs/ovsPlane.js';
import type { Mutant } from '../../replicator/types.js';

/** A mutant made of flows, or of other settings of Open vSwitch. */
export type OvsMutant = Mutant<OvsPlane>;
