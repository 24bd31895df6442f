import { ovsMutant } from './ovsMutant.js';

/** Floods what is for all, and takes it that whatever is for one machine is for one behind a leaf. */
export const answersToLeavesOnly = ovsMutant(
  'answers-to-leaves-only',
  'The other senders on the host hear what is sent to all; what is sent to one of them goes to the leaves.',
  ['missing-on-host'],
  { onHost: (ports, cast) => (cast === 'unicast' ? [] : ports) },
);
