import { carrierChanges, open, shut } from './carrier.js';
import type { FaultVerb } from './types.js';

export const adminDown: FaultVerb = {
  name: 'adminDown',
  undoName: 'adminUp',
  title: 'the port is shut',
  undoTitle: 'the port is open',
  whatATechnicianSees:
    'Somebody typed "shutdown" on one side: that port says "administratively down", the other one says that it has no carrier. The cable is in place.',
  bondLeaves: 'at once',
  changes: (site) => carrierChanges(site, 'adminDown', 'adminUp'),
  // `unplug` already takes the leaf's end; here it is the host's unless said otherwise.
  begin: (site, { side = 'host' }) => shut(site, side),
  end: open,
};
