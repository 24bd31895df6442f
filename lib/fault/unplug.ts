import { carrierChanges, open, shut } from './carrier.js';
import type { FaultVerb } from './types.js';

/**
 * A veth has no carrier of its own, so the leaf's end goes down; the host's end stays up without carrier, as it does with a real cable.
 */
export const unplug: FaultVerb = {
  name: 'unplug',
  undoName: 'plug',
  title: 'the cable is out',
  undoTitle: 'the cable is in',
  whatATechnicianSees:
    'The link lights of both ports go dark; both sides report loss of carrier within milliseconds. With the cable back both are lit again, and LACP starts anew.',
  bondLeaves: 'at once',
  changes: (site) => carrierChanges(site, 'unplug', 'plug'),
  begin: (site) => shut(site, 'leaf'),
  end: open,
};
