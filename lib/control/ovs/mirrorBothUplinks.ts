import { ovsMutant } from './ovsMutant.js';

export const mirrorBothUplinks = ovsMutant(
  'mirror-both-uplinks',
  "Each uplink's copy is mirrored to the other uplink, as two mirrors do that do not know of each other.",
  ['duplicate'],
  {
    buckets: (uplink) => [`actions=output:${uplink.ofport}`, `actions=output:${uplink.ofport}`],
  },
);
