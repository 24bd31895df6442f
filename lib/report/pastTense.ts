import { DEFAULTS } from '../defaults.js';
import type { Deed } from '../evidence/types.js';

/**
 * The state of a fault's subject, "unplugged"; older evidence does not have it, and all of its faults are built in.
 */
export function pastTenseOf({ verb, pastTense }: Deed): string {
  return pastTense ?? DEFAULTS.faults.find((fault) => fault.name === verb)?.pastTense ?? `down (${verb})`;
}
