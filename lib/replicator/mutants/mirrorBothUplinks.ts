import { ovsMutant } from './ovsMutant.js';

export const mirrorBothUplinks = ovsMutant('mirror-both-uplinks', "Each uplink's copy is mirrored to every uplink, as two mirrors that do not know of each other do.", ['duplicate'], {
  bucket: (_uplink, _index, uplinks) => `actions=${uplinks.map(({ ofport }) => `output:${ofport}`).join(',')}`,
});
