import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import { MUTANTS } from './mutants/registry.js';
import { REPLICATORS } from './registry.js';
import type { Mutant, Replicator } from './types.js';

/** A built-in replicator. Throws UserError with the known names. */
export function replicatorNamed(name: string): Replicator {
  const found = REPLICATORS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = REPLICATORS.map((one) => one.name);
  throw new UserError(`unknown replicator "${name}"; ${suggest(name, names)}`, `known: ${names.join(', ')}, or the path of a YAML file that describes your own`);
}

/** A mutant by name. Throws UserError with the known names. */
export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = MUTANTS.map((one) => one.name);
  throw new UserError(`unknown mutant "${name}"; ${suggest(name, names)}`, `known: ${names.join(', ')}`);
}
