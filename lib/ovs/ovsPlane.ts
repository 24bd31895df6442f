import type { Plane } from '../dataplane/plane.js';
import type { OvsSwitch } from './switch.js';

/** Kinds of data planes whose planes are an `OvsPlane`. */
export const OVS_PLANES: readonly string[] = ['ovs-bond'];

/**
 * A plane whose switch is an Open vSwitch, with its bridge `BRIDGE`: replicators and controls made of flows are
 * installed on it.
 */
export interface OvsPlane extends Plane {
  readonly ovs: OvsSwitch;
}
