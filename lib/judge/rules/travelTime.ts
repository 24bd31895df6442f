import type { Sighting } from '../read/sighting.js';

/**
 * The longest travel time of these copies, late ones excluded, ns. A frame that was sent less than that before a cable
 * is cut may be lost on its way.
 */
export function slowestCopy(sightings: readonly Sighting[], sent: Float64Array, lateBandNs: number): number {
  return sightings.reduce((slowest, { probe, ns }) => {
    const took = ns - (sent[probe] ?? ns);
    return took <= lateBandNs ? Math.max(slowest, took) : slowest;
  }, 0);
}
