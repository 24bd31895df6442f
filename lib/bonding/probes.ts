import type { Capability } from '../doctor/types.js';

/** A bond of the kernel in the mode with LACP. */
export const BONDING: Capability = {
  name: 'bonding',
  neededFor: 'data planes above a bond of the kernel; guests of --testbed vm have it',
  need: 'required',
  tools: ['ip'],
  script: 'ip link add name bond0 type bond mode 802.3ad miimon 100 lacp_rate fast',
};
