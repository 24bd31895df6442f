import type { OvsPlane } from '../../ovs/ovsPlane.js';
import type { Mutant } from '../../replicator/types.js';

/** A mutant that is flows, or something else of an Open vSwitch. */
export type OvsMutant = Mutant<OvsPlane>;
