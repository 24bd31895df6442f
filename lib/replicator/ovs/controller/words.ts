/** What the controller says, a line each, to whoever started it. First, followed by where: as the switch names it. */
export const LISTENING = 'listening at';
/** A switch has connected; followed by its datapath id. */
export const CONNECTED = 'connected:';
/** It is gone; followed by the reason. */
export const GONE = 'gone:';
/** Group and flows fit the bridge; followed by how many flows there are. */
export const IN_FORCE = 'in force:';
/** They do not; followed by the reason. It is tried again. */
export const NOT_IN_FORCE = 'not in force:';
