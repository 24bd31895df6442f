import type { Registries } from '../registries.js';
import { sourceName, topologyFolders } from '../run/workspace.js';
import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import type { Place } from './caller.js';
import { currentWorkspace } from './current.js';
import { SCENARIO_NEEDS } from './needs.js';
import { setupProblem, type ScenarioSetup } from './setup.js';
import { findTopology } from './topologyFile.js';

const registries = (): Registries => currentWorkspace().registries;

/**
 * Throws UserError, with file and line, where a scenario names what is not there. The runner then runs nothing at all.
 */
export function requireKnown(title: string, setup: ScenarioSetup, place: Place): void {
  const at = `${sourceName(currentWorkspace(), place.file)}:${place.line}: "${title}"`;
  const malformed = setupProblem(setup);
  if (malformed !== null) throw new UserError(`${at} ${malformed}`);
  const names = [...registries().mutants, ...registries().tampers].map(({ name }) => name);
  const unknown = [...setup.catches, ...Object.keys(setup.finds ?? {})].find((name) => !names.includes(name));
  const unmeant = setup.needs?.find((need) => !SCENARIO_NEEDS.includes(need));
  const faults = registries().faults.map(({ name }) => name);
  const noFault = setup.faults?.find((name) => !faults.includes(name));
  const variants = registries().dataPlanes.flatMap((plane) => plane.variants);
  const noMode = setup.modes?.find((mode) => !variants.includes(mode));
  const says = (what: string): UserError => new UserError(`${at} names ${what}`);
  if (noMode !== undefined) throw says(`the mode "${noMode}"; ${suggest(noMode, variants)}`);
  if (unmeant !== undefined) throw says(`the need "${unmeant}"; ${suggest(unmeant, SCENARIO_NEEDS)}`);
  if (noFault !== undefined) throw says(`the fault "${noFault}"; ${suggest(noFault, faults)}`);
  if (unknown !== undefined) throw says(`the mutant or tamper "${unknown}"; ${suggest(unknown, names)}`);
  if (setup.topology !== undefined && findTopology(setup.topology, place) === null)
    throw says(
      `the topology ${setup.topology}, which is not in ${topologyFolders(currentWorkspace(), place.file).join(' or ')}`,
    );
}
