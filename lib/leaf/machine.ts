import type { PlaneMachine } from '../dataplane/machine.js';
import { OPEN_VSWITCH, TUN } from '../ovs/probes.js';

/** What the built-in leaves take of a machine: part of what each data plane takes that brings them up. */
export const LEAF_MACHINE: Omit<PlaneMachine, 'tools'> = {
  probes: [TUN, OPEN_VSWITCH],
  versions: [{ name: 'open vswitch', argv: ['ovs-vswitchd', '--version'] }],
};
