import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_TOPOLOGIES } from '../builtIn.js';
import { fitsPlane, suits, type Registries } from '../registries.js';
import type { Replicator } from '../replicator/types.js';
import { UserError } from '../userError.js';
import { environmentFacts } from './environment.js';
import { plannedControl, type PlannedControl, type RunPlan } from './plan.js';
import { withTampers } from './tampers.js';
import type { Workspace } from './workspace.js';

/** `20261120-183012-4711`: sorts by time, and two runs that start together differ. */
export function runName(now: Date = new Date(), pid: number = process.pid): string {
  return `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${pid}`;
}

const USUAL_TOPOLOGY = 'dual-leaf.yaml';

/**
 * The topology of a run that names none: the only one of the user's folder, or the built-in one. Throws UserError where
 * there are several.
 */
export function defaultTopology({ topologies }: Workspace): string {
  const own = topologies === null ? [] : readdirSync(topologies).filter((file) => /\.ya?ml$/.test(file));
  const [only, second] = own;
  if (topologies === null || only === undefined) return join(BUILT_IN_TOPOLOGIES, USUAL_TOPOLOGY);
  if (second === undefined) return join(topologies, only);
  if (existsSync(join(topologies, USUAL_TOPOLOGY))) return join(topologies, USUAL_TOPOLOGY);
  throw new UserError(`${topologies} has ${own.length} topologies`, 'choose one with --topology');
}

/** Mutants that there are for a kind of data plane, and for the replicator under test. */
export function plannedMutants(
  { mutants }: Registries,
  kind: string,
  underTest: Pick<Replicator, 'controller'>,
): readonly PlannedControl[] {
  return mutants.filter((mutant) => fitsPlane(mutant, kind) && suits(mutant, underTest)).map(plannedControl);
}

/** A plan without what the machine is asked for, which takes a tenth of a second. */
export type Choices = Omit<RunPlan, 'environment'>;

/** What `everyleaf run` does without options. */
export function defaultPlan(workspace: Workspace): RunPlan {
  const [dataPlane] = workspace.registries.dataPlanes;
  return withTampers(
    { ...defaultChoices(workspace), environment: environmentFacts(dataPlane?.machine) },
    workspace.registries,
  );
}

/** The same, with neither environment nor tampers. */
export function defaultChoices(workspace: Workspace): Choices {
  const run = runName();
  const { registries, configFile, out } = workspace;
  const [testbed] = registries.testbeds;
  const [dataPlane] = registries.dataPlanes;
  const [replicator] = registries.replicators;
  const [controlMode] = dataPlane?.variants ?? [];
  if (testbed === undefined || dataPlane === undefined || replicator === undefined || controlMode === undefined)
    throw new RangeError('there is nothing to choose from');
  return {
    run,
    runFolder: join(out, run),
    configFile,
    topologyFile: defaultTopology(workspace),
    testbed: testbed.name,
    replicator: replicator.name,
    dataPlane: dataPlane.kind,
    modes: dataPlane.variants,
    controlMode,
    controls: 'declared',
    mutants: plannedMutants(registries, dataPlane.kind, replicator),
    standIns: true,
    suites: [],
    scenarios: [],
    longest: 'short',
    workers: 2,
    command: 'everyleaf run',
    startedAt: new Date().toISOString(),
  };
}
