import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import { isFile, loadCommand } from './command/load.js';
import { MUTANTS } from '../control/ovs/registry.js';
import { REPLICATORS } from './registry.js';
import type { Mutant, Replicator } from './types.js';

/**
 * A built-in replicator by name, or the user's own by the path of the file that describes it: whatever has a slash or ends in .yaml.
 * Throws UserError with the known names, or with what is wrong in the file.
 */
export function replicatorNamed(name: string): Replicator {
  if (isFile(name)) return loadCommand(name);
  const found = REPLICATORS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = REPLICATORS.map((one) => one.name);
  throw new UserError(
    `unknown replicator "${name}"; ${suggest(name, names)}`,
    `known: ${names.join(', ')}, or the path of a YAML file that describes your own`,
  );
}

/** A mutant by name. Throws UserError with the known names. */
export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = MUTANTS.map((one) => one.name);
  throw new UserError(`unknown mutant "${name}"; ${suggest(name, names)}`, `known: ${names.join(', ')}`);
}
