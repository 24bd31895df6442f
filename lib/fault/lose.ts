import type { FaultVerb } from './types.js';
import { addRules, lackingRules, removeRules } from './wireRules.js';

const DIRECTIONS = ['to-leaf', 'to-host'] as const;
/** Resolution of the share. */
const PARTS = 10_000;
const DEFAULT_SHARE = 0.3;

function statement(share: number): string {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share of frames is from 0 to 1, not ${share}`);
  const lost = Math.round(share * PARTS);
  // nft refuses a comparison that is always true.
  return lost === PARTS ? 'drop' : `numgen random mod ${PARTS} < ${lost} drop`;
}

export const lose: FaultVerb = {
  name: 'lose',
  undoName: 'unlose',
  title: 'frames are lost at random',
  undoTitle: 'no frame is lost any more',
  whatATechnicianSees:
    'The link lights are on and both sides exchange frames, but error counters run: a dirty connector or a dying optic loses a share of all frames, in both directions.',
  bondLeaves: 'never',
  changes: ({ leg }) => ({
    begin: DIRECTIONS.map((direction) => ({ type: 'wire', leg: leg.name, direction, state: 'lossy', verb: 'lose' })),
    end: DIRECTIONS.map((direction) => ({ type: 'wire', leg: leg.name, direction, state: 'whole', verb: 'unlose' })),
  }),
  begin: (site, { share = DEFAULT_SHARE }) => addRules('lose', site, DIRECTIONS, statement(share)),
  end: (site) => removeRules('lose', site, DIRECTIONS),
  lacking: (site) => lackingRules('lose', site, statement(DEFAULT_SHARE)),
};
