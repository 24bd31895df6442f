import { named, type Registries } from '../registries.js';
import { isPath } from '../files.js';
import { loadCommand } from './command/load.js';
import type { Replicator } from './types.js';

/**
 * A replicator by name, or the user's own by the path of the file that describes it: a name with a slash, or that ends
 * in .yaml, is a path. Throws UserError with the known names, or with what is wrong in the file.
 */
export function replicatorNamed(
  name: string,
  { replicators, profiles }: Pick<Registries, 'replicators' | 'profiles'>,
): Replicator {
  if (isPath(name)) return loadCommand(name, profiles);
  const also = ', or the path of a YAML file that describes your own';
  return named('replicator', name, replicators, (one) => one.name, also);
}
