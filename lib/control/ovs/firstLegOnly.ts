import { ovsMutant } from './ovsMutant.js';

export const firstLegOnly = ovsMutant('first-leg-only', 'Every copy goes to the first uplink only.', ['missing'], {
  buckets: (uplink, index) => (index === 0 ? [`actions=output:${uplink.ofport}`] : []),
});
