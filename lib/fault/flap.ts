import { mapOffer } from '../testbed/capability.js';
import type { Step } from '../testbed/change.js';
import { carrierEffects } from './carrierEffects.js';
import type { Fault, Rhythm } from './fault.js';

/**
 * A loose contact does not wait until both ends have noticed: only the command is run. A step without a command runs as
 * a whole.
 */
function unawaited(steps: readonly Step[]): readonly Step[] {
  const commands = steps.filter((step) => 'argv' in step);
  return commands.length > 0 ? commands : steps;
}

export const flap: Fault<Rhythm> = {
  name: 'flap',
  undoName: 'steady',
  title: 'the cable has a loose contact',
  undoTitle: 'the cable holds',
  pastTense: 'flapping',
  whatATechnicianSees:
    'The link lights of both ports flicker; the log fills with "carrier lost" and "carrier up", and LACP starts over each time.',
  bond: 'reacts at once',
  waitsFor: 'bond and replicator',
  defaults: { times: 10, periodMs: 100 },
  rhythm: (args) => args,
  plan: ({ lab, leg }) =>
    mapOffer(lab.link(leg.name).cut, (cut) => {
      const change = cut();
      return { ...change, steps: unawaited(change.steps), undo: unawaited(change.undo) };
    }),
  effects: carrierEffects,
};
