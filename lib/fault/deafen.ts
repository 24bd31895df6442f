import type { FaultVerb } from './types.js';
import { addRules, lackingRules, removeRules } from './wireRules.js';

const DIRECTIONS = ['to-host'] as const;

export const deafen: FaultVerb = {
  name: 'deafen',
  undoName: 'undeafen',
  title: 'nothing from the leaf arrives at the host',
  undoTitle: 'frames from the leaf arrive at the host again',
  whatATechnicianSees:
    "Both link lights are on. The host's receive counter stands still while the leaf's transmit counter runs; what the host sends arrives.",
  bondLeaves: 'after the LACP timeout',
  changes: ({ leg }) => ({
    begin: [{ type: 'wire', leg: leg.name, direction: 'to-host', state: 'lost', verb: 'deafen' }],
    end: [{ type: 'wire', leg: leg.name, direction: 'to-host', state: 'whole', verb: 'undeafen' }],
  }),
  begin: (site) => addRules('deafen', site, DIRECTIONS, 'drop'),
  end: (site) => removeRules('deafen', site, DIRECTIONS),
  lacking: (site) => lackingRules('deafen', site, 'drop'),
};
