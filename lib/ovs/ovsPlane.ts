import type { Plane } from '../dataplane/plane.js';
import type { OvsSwitch } from './switch.js';

/** Kinds of data planes whose planes are an `OvsPlane`, and on which each sender has a port of its own. */
export const OVS_PLANES: readonly string[] = ['ovs-bond'];

/** Every kind of data plane whose planes are an `OvsPlane`: also those where senders share a port, or uplinks are limited. */
export const OVS_BONDS: readonly string[] = [...OVS_PLANES, 'macvlan', 'qos', 'vxlan', 'chain', 'ovs-dpdk'];

/**
 * A plane whose switch is an Open vSwitch, with its bridge `BRIDGE`: replicators and controls made of flows are
 * installed on it.
 */
export interface OvsPlane extends Plane {
  readonly ovs: OvsSwitch;
}
