import { DURATIONS } from '../../durations.js';
import { ovsMutant } from './ovsMutant.js';

/** As a controller does that learns flows and lets them go (OpenFlow 1.3.5, 6.3): who speaks again after a long time finds none. A flow's text says its timeout beside its match. */
export const expires = ovsMutant(
  'expires',
  `All is right until a sender is silent for ${DURATIONS.flowIdle / 1000} s: then its flows are gone, and its frames go the normal way.`,
  ['missing'],
  {
    only: () => `,idle_timeout=${DURATIONS.flowIdle / 1000}`,
  },
);
