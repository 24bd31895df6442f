import type { FaultVerb } from './types.js';
import { addRules, removeRules } from './wireRules.js';

const DIRECTIONS = ['to-leaf', 'to-host'] as const;
/** Resolution of the share. */
const PARTS = 10_000;
const DEFAULT_SHARE = 0.3;

export const lose: FaultVerb = {
  name: 'lose',
  undoName: 'unlose',
  title: 'frames are lost at random',
  undoTitle: 'no frame is lost any more',
  whatATechnicianSees: 'The link lights are on and both sides exchange frames, but error counters run: a dirty connector or a dying optic loses a share of all frames, in both directions.',
  bondLeaves: 'never',
  changes: ({ leg }) => ({
    begin: DIRECTIONS.map((direction) => ({ type: 'wire', leg: leg.name, direction, state: 'lossy', verb: 'lose' })),
    end: DIRECTIONS.map((direction) => ({ type: 'wire', leg: leg.name, direction, state: 'whole', verb: 'unlose' })),
  }),
  begin: (site, { share = DEFAULT_SHARE }) => addRules('lose', site, DIRECTIONS, `numgen random mod ${PARTS} < ${Math.round(share * PARTS)} drop`),
  end: (site) => removeRules('lose', site, DIRECTIONS),
};
