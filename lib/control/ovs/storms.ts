import { ovsMutant } from './ovsMutant.js';

const COPIES = 8;

/** As two replicators do that copy each other's copies until a limit ends it. */
export const storms = ovsMutant('storms', `Each neighbor frame is sent ${COPIES} times on each leg.`, ['storm'], {
  buckets: (uplink) => Array.from({ length: COPIES }, () => `actions=output:${uplink.ofport}`),
});
