import { ovsMutant } from './ovsMutant.js';

/** As a match does that is one rule too broad, or a rule without an action (OpenFlow 1.3.5, 5.5: no action is a drop). */
export const dropsTcp = ovsMutant(
  'drops-tcp',
  'The right copies, but the TCP frames of the host and its VMs are gone.',
  ['data-lost'],
  {
    others: () => [
      { what: 'tcp', actions: ['drop'] },
      { what: 'tcp6', actions: ['drop'] },
    ],
  },
);
