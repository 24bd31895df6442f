import { suggest } from '../topology/suggest.js';
import { ProfileError } from './error.js';
import { everyNeighborFrame } from './table/everyNeighborFrame.js';
import type { Profile } from './types.js';

/** The profile by which captures are judged when none is named. */
export const DEFAULT_PROFILE: Profile = everyNeighborFrame;

/** A profile by its name. Throws ProfileError with the known names. */
export function profileNamed(name: string, profiles: readonly Profile[]): Profile {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const names = profiles.map((profile) => profile.name);
  throw new ProfileError(`unknown profile "${name}"; ${suggest(name, names)}; a file of your own ends in .yaml`);
}
