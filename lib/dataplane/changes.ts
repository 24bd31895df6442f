import { offer, type Offer } from '../testbed/capability.js';
import type { Change } from '../testbed/change.js';
import type { Plane } from './plane.js';
import { switchesOf } from './tables.js';

/**
 * Host and leaves speak LACP at the slow rate. Make the changes side by side: each waits for a PDU from the other side.
 */
export function slowChanges(plane: Plane): Offer<readonly Change[]> {
  return all([plane.slowLacp, ...[...plane.leaves.values()].map((leaf) => leaf.slowLacp)]);
}

/** Every switch forgets MACs soon. */
export function ageing(plane: Plane): Offer<readonly Change[]> {
  return all(switchesOf(plane).map((one) => one.ageFdb));
}

/** All of them, or the first lack. */
function all<T>(offers: readonly Offer<T>[]): Offer<readonly T[]> {
  const have: T[] = [];
  for (const one of offers) {
    if (!one.ok) return one;
    have.push(one.use);
  }
  return offer(have);
}
