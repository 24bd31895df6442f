import { DEFAULTS } from '../defaults.js';
import type { Deed } from '../evidence/types.js';

/**
 * What a fault made of its subject, "unplugged"; older evidence does not say it, and all of its faults are built in.
 */
export function pastTenseOf({ verb, pastTense }: Deed): string {
  return pastTense ?? DEFAULTS.faults.find((fault) => fault.name === verb)?.pastTense ?? `down (${verb})`;
}
