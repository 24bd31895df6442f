import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { ovsMutant } from './ovsMutant.js';

/** The duties of a replicator that claims to watch its legs; this one claims it and does not. */
const claimsLiveness = {
  ...ovsGroup,
  name: 'ovs-group-live-legs',
  deadLegMustBeSilent: true,
  sendsToLacpDeadLeg: false,
};

export const staleLiveness = ovsMutant(
  'stale-liveness',
  'It claims to serve live legs only and goes on sending to a dead one.',
  ['copy-to-dead-leg'],
  {},
  { profile: claimsLiveness },
);
