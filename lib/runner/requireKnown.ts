import type { Registries } from '../registries.js';
import { sourceName, topologyFolders } from '../run/workspace.js';
import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import type { Place } from './caller.js';
import { currentWorkspace } from './current.js';
import { SCENARIO_NEEDS } from './needs.js';
import { setupProblem, type ScenarioSetup } from './setup.js';
import { findTopology } from './topologyFile.js';

/**
 * Throws UserError, with file and line, where a scenario names what is not there. The runner then runs nothing at all.
 */
export function requireKnown(title: string, setup: ScenarioSetup, place: Place): void {
  const workspace = currentWorkspace();
  const folders = topologyFolders(workspace, place.file);
  const problem = problemOf(setup, workspace.registries, folders, (name) => findTopology(name, place) !== null);
  if (problem !== null)
    throw new UserError(`${sourceName(workspace, place.file)}:${place.line}: "${title}" ${problem}`);
}

/**
 * What is wrong with a scenario's setup, as the rest of a sentence that begins with its title; null where nothing is.
 *
 * @param folders those that were looked through for topologies, to be named
 */
export function problemOf(
  setup: ScenarioSetup,
  { mutants, tampers, faults, dataPlanes }: Registries,
  folders: readonly string[],
  isTopology: (name: string) => boolean,
): string | null {
  const malformed = setupProblem(setup);
  if (malformed !== null) return malformed;
  const unknown = (what: string, used: readonly string[] | undefined, known: readonly string[]): string | null => {
    const name = used?.find((one) => !known.includes(one));
    return name === undefined ? null : `names the ${what} "${name}"; ${suggest(name, known)}`;
  };
  const namesOf = (all: readonly { readonly name: string }[]): readonly string[] => all.map(({ name }) => name);
  const controls = namesOf([...mutants, ...tampers]);
  const { topology } = setup;
  return (
    unknown(
      'mode',
      setup.modes,
      dataPlanes.flatMap(({ variants }) => variants),
    ) ??
    unknown('need', setup.needs, SCENARIO_NEEDS) ??
    unknown('fault', setup.faults, namesOf(faults)) ??
    unknown('mutant or tamper', [...setup.catches, ...Object.keys(setup.finds ?? {})], controls) ??
    (topology === undefined || isTopology(topology)
      ? null
      : `names the topology ${topology}, which is not in ${folders.join(' or ')}`)
  );
}
