import type { Fault } from './fault.js';

/** What a leg without carrier, and one that has it again, changes. */
export const carrierEffects: Fault['effects'] = ({ leg }) => ({
  begin: [{ type: 'leg', leg: leg.name, state: 'down' }],
  end: [{ type: 'leg', leg: leg.name, state: 'up' }],
});
