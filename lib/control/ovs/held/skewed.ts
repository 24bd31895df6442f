import { DURATIONS } from '../../../durations.js';
import { OVS_PLANES } from '../../../ovs/ovsPlane.js';
import { ovsGroup } from '../../../profile/table/ovsGroup.js';
import type { OvsMutant } from '../types.js';
import { installHeld } from './holders.js';

/**
 * For a replicator that declares how far apart its copies may be; without a declaration, skew is reported and not
 * judged.
 */
const claimsSkew = { ...ovsGroup, name: 'ovs-group-close-copies', maxSkewNs: DURATIONS.claimedSkew * 1e6 };

/** The right copies in good time for a leaf, but further apart than was promised. */
export const skewed: OvsMutant = {
  name: 'skewed',
  description: 'It promises copies close to each other, and the first leg gets its own well before the others.',
  profile: claimsSkew,
  on: OVS_PLANES,
  mustFind: ['skew'],
  actsLate: true,
  install: ({ lab, plane }) => installHeld(lab, plane, DURATIONS.heldALittle, (own, held) => [held ?? own]),
};
