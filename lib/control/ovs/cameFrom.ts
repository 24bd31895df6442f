import type { BridgePort } from '../../replicator/ovs/ports.js';

/** The local port's number of OpenFlow 1.0, which is what the register of 16 bits holds. */
const OFPP_LOCAL = 0xfffe;

/** The action after which a frame counts as one that came in from this port. */
export const cameFrom = (port: BridgePort) => `load:${port.local ? OFPP_LOCAL : port.ofport}->NXM_OF_IN_PORT[]`;
