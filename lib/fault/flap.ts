import { mapOffer } from '../testbed/capability.js';
import { carrierEffects } from './carrierEffects.js';
import type { Fault, Rhythm } from './fault.js';

export const flap: Fault<Rhythm> = {
  name: 'flap',
  undoName: 'steady',
  title: 'the cable has a loose contact',
  undoTitle: 'the cable holds',
  pastTense: 'flapping',
  whatATechnicianSees:
    'The link lights of both ports flicker; the log fills with carrier lost and carrier found, and LACP starts anew each time.',
  bond: 'reacts at once',
  waitsFor: 'bond and replicator',
  defaults: { times: 10, periodMs: 100 },
  rhythm: (args) => args,
  plan: ({ lab, leg }) => mapOffer(lab.link(leg.name).cut, (cut) => cut()),
  effects: carrierEffects,
};
