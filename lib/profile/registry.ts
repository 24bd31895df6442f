import { suggest } from '../topology/suggest.js';
import { ProfileError } from './error.js';
import { anolis } from './table/anolis.js';
import { everyNeighborFrame } from './table/everyNeighborFrame.js';
import { linuxBroadcastNeighbor } from './table/linuxBroadcastNeighbor.js';
import { ovsGroup } from './table/ovsGroup.js';
import { sonicDualTor } from './table/sonicDualTor.js';
import type { Profile } from './types.js';

/** Every built-in profile; a new one is one file in `table/` and one line here. */
export const PROFILES: readonly Profile[] = [
  everyNeighborFrame,
  linuxBroadcastNeighbor,
  anolis,
  ovsGroup,
  sonicDualTor,
];

export const DEFAULT_PROFILE: Profile = everyNeighborFrame;

/** Throws ProfileError with the known names. */
export function profileNamed(name: string): Profile {
  const found = PROFILES.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const names = PROFILES.map((profile) => profile.name);
  throw new ProfileError(`unknown profile "${name}"; ${suggest(name, names)}; a file of your own ends in .yaml`);
}
