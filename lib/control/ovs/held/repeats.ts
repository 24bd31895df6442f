import { OVS_PLANES } from '../../../ovs/ovsPlane.js';
import { DURATIONS } from '../../../durations.js';
import { ovsGroup } from '../../../profile/table/ovsGroup.js';
import type { OvsMutant } from '../types.js';
import { installHeld } from './holders.js';

/**
 * The right copies, and long after them another one: as from two replicators of which one is slow, or a daemon that
 * reads its own copies.
 */
export const repeats: OvsMutant = {
  name: 'repeats',
  description: 'Every leg gets its copy at once, and every leg but the first another one a second later.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['duplicate'],
  actsLate: true,
  install: ({ lab, plane }) =>
    installHeld(lab, plane, DURATIONS.heldBack, (own, held) => (held === null ? [own] : [own, held])),
};
