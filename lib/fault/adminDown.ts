import { mapOffer } from '../testbed/capability.js';
import { carrierEffects } from './carrierEffects.js';
import type { Fault } from './fault.js';

export interface AdminDownArguments {
  /** The side whose port is shut. */
  readonly side: 'host' | 'leaf';
}

export const adminDown: Fault<AdminDownArguments> = {
  name: 'adminDown',
  undoName: 'adminUp',
  title: 'the port is shut',
  undoTitle: 'the port is open',
  pastTense: 'shut',
  whatATechnicianSees:
    'Somebody typed "shutdown" on one side: that port says "administratively down", the other one says that it has no carrier. The cable is in place.',
  bond: 'reacts at once',
  waitsFor: 'bond and replicator',
  // Where a testbed has no other way to pull a cable it shuts the leaf's end.
  defaults: { side: 'host' },
  plan: ({ lab, leg }, { side }) => mapOffer(lab.link(leg.name).shut, (shut) => shut(side === 'host' ? 'a' : 'b')),
  effects: carrierEffects,
};
