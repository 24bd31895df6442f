import type { FaultVerb } from './types.js';
import { addRules, lackingRules, removeRules } from './wireRules.js';

const DIRECTIONS = ['to-leaf'] as const;

export const mute: FaultVerb = {
  name: 'mute',
  undoName: 'unmute',
  title: 'nothing from the host arrives at the leaf',
  undoTitle: 'frames from the host arrive at the leaf again',
  whatATechnicianSees:
    "Both link lights are on. The leaf's receive counter stands still while the host's transmit counter runs: a dead transmitter, or one broken fibre of two.",
  bondLeaves: 'after the LACP timeout',
  changes: ({ leg }) => ({
    begin: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'lost', verb: 'mute' }],
    end: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'whole', verb: 'unmute' }],
  }),
  begin: (site) => addRules('mute', site, DIRECTIONS, 'drop'),
  end: (site) => removeRules('mute', site, DIRECTIONS),
  lacking: (site) => lackingRules('mute', site, 'drop'),
};
