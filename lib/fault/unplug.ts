import { mapOffer } from '../testbed/capability.js';
import { carrierEffects } from './carrierEffects.js';
import type { Fault, NoArguments } from './fault.js';

export const unplug: Fault<NoArguments> = {
  name: 'unplug',
  undoName: 'plug',
  title: 'the cable is out',
  undoTitle: 'the cable is in',
  pastTense: 'unplugged',
  whatATechnicianSees:
    'The link lights of both ports go dark; both sides report loss of carrier within milliseconds. With the cable back both are lit again, and LACP starts over.',
  bond: 'reacts at once',
  waitsFor: 'bond and replicator',
  needs: ['cut'],
  defaults: {},
  plan: ({ lab, leg }) => mapOffer(lab.link(leg.name).cut, (cut) => cut()),
  effects: carrierEffects,
};
