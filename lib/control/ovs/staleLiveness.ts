import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { ovsMutant } from './ovsMutant.js';

/** What a replicator must do that claims to look at its legs; this one claims it and does not look. */
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
  claimsLiveness,
);
