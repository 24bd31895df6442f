import type { PlaneMachine } from '../dataplane/machine.js';
import { OPEN_VSWITCH, TUN } from '../ovs/probes.js';

/** What the built-in leaves need of a machine: part of the needs of each data plane that brings them up. */
export const LEAF_MACHINE: Omit<PlaneMachine, 'tools'> = {
  probes: [TUN, OPEN_VSWITCH],
  versions: [{ name: 'open vswitch', argv: ['ovs-vswitchd', '--version'] }],
};
