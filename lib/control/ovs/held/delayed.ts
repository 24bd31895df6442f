import { OVS_PLANES } from '../../../ovs/ovsPlane.js';
import { DURATIONS } from '../../../durations.js';
import { ovsGroup } from '../../../profile/table/ovsGroup.js';
import type { OvsMutant } from '../types.js';
import { installHeld } from './holders.js';

/**
 * The right copies, but those of every leg except the first come late: what a busy daemon in user space does, or a
 * queue in its way.
 */
export const delayed: OvsMutant = {
  name: 'delayed',
  description: 'The first leg gets its copy at once, every other leg a second later.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['late', 'skew'],
  actsLate: true,
  install: ({ lab, plane }) => installHeld(lab, plane, DURATIONS.heldBack, (own, held) => [held ?? own]),
};
