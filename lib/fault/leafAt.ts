import type { LeafControl } from '../dataplane/plane.js';
import type { FaultSite } from './fault.js';

/** The leaf at the end of the leg. Throws RangeError where the lab does not control it. */
export function leafAt({ plane, leg }: Pick<FaultSite, 'plane' | 'leg'>): LeafControl {
  const leaf = plane.leaves.get(leg.leaf);
  if (leaf === undefined)
    throw new RangeError(`the lab does not control ${leg.leaf}, the leaf at the end of ${leg.name}`);
  return leaf;
}
