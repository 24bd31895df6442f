import { OVS_PLANES } from '../../../ovs/ovsPlane.js';
import { DURATIONS } from '../../../durations.js';
import { ovsGroup } from '../../../profile/table/ovsGroup.js';
import type { OvsMutant } from '../types.js';
import { installHeld } from './holders.js';

/**
 * The right copies, but on every leg except the first they come late: as from a busy daemon in user space, or through a
 * queue.
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
