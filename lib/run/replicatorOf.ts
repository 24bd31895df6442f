import { isPath } from '../files.js';
import { profileNamed } from '../profile/registry.js';
import type { Profile } from '../profile/types.js';
import type { Registries } from '../registries.js';
import { loadProfile } from '../replicator/command/load.js';
import { replicatorNamed } from '../replicator/find.js';
import { installedReplicator } from '../replicator/installed.js';
import type { Replicator } from '../replicator/types.js';
import type { RunPlan } from './plan.js';

type Known = Pick<Registries, 'replicators' | 'profiles'>;

/** Throws RangeError where there is no profile at all, and what its readers throw. */
function profileOf(name: string | null, { profiles }: Known): Profile {
  if (name !== null) return isPath(name) ? loadProfile(name) : profileNamed(name, profiles);
  const [first] = profiles;
  if (first === undefined) throw new RangeError('there is no profile');
  return first;
}

/**
 * The replicator under test of a run: one that is installed already, or one of the registries or of a file. Throws
 * UserError, or ProfileError for a profile that cannot be used.
 */
export function replicatorOf(
  { installed, replicator }: Pick<RunPlan, 'installed' | 'replicator'>,
  known: Known,
): Replicator {
  return installed === undefined
    ? replicatorNamed(replicator, known)
    : installedReplicator(installed, profileOf(installed.profile, known));
}
