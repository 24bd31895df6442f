import { resolve } from 'node:path';
import { isPath } from '../files.js';
import { dataPlaneNamed, fitsPlane, named } from '../registries.js';
import { replicatorNamed } from '../replicator/find.js';
import { defaultChoices, plannedMutants } from '../run/defaultPlan.js';
import { environmentFacts, versionFacts } from '../run/environment.js';
import { inputFacts } from '../run/inputs.js';
import { loadTopology } from '../run/loadTopology.js';
import type { Replicator } from '../replicator/types.js';
import type { ControlsChoice, RunPlan } from '../run/plan.js';
import type { Shard } from '../run/shard.js';
import { withTampers } from '../run/tampers.js';
import { suitesOf, type Workspace } from '../run/workspace.js';
import { shellCommand } from '../shellQuote.js';
import { wiringNeeds } from '../testbed/needs.js';
import { UserError } from '../userError.js';
import { planeAsFound, requireAsFound } from './asFound.js';
import { bindingTestbed, boundTo, isInstalled } from './boundRun.js';
import { kernelFor, type WantedKernel } from './kernelFor.js';
import { chooseLab, topologyChoice, type LabOptions } from './workspace.js';

/** What `run` is asked for. */
export interface RunOptions extends LabOptions, WantedKernel {
  readonly replicator?: string | undefined;
  readonly topology?: string | undefined;
  readonly binding?: string | undefined;
  readonly suite?: readonly string[] | undefined;
  readonly scenario?: readonly string[] | undefined;
  readonly all?: true | undefined;
  readonly controls: ControlsChoice;
  readonly workers: number;
  readonly out?: string | undefined;
  readonly shard?: Shard | undefined;
}

/**
 * The plan that the command line asks for. Throws UserError or TopologyError where it names something that does not
 * exist.
 */
export async function planFor(workspace: Workspace, options: RunOptions): Promise<RunPlan> {
  const base = defaultChoices(workspace);
  const asFound = (await isInstalled(options.binding, workspace)) ? planeAsFound(workspace) : undefined;
  const lab = chooseLab(workspace, {
    ...options,
    dataPlane: options.dataPlane ?? asFound,
    testbed: options.testbed ?? (options.binding === undefined ? undefined : bindingTestbed(workspace)),
  });
  const { testbed, dataPlane } = lab;
  const [anyVariant = base.controlMode] = lab.variants;
  const bound = await boundTo(workspace, options.binding, testbed, { kind: dataPlane, variant: anyVariant });
  const { installed } = bound ?? {};
  requireAsFound(options, dataPlaneNamed(dataPlane, workspace.registries), bound !== null && asFound !== undefined);
  const replicator = options.replicator ?? installed?.name ?? bound?.replicator ?? base.replicator;
  const { on, modes, controller }: Pick<Replicator, 'on' | 'modes' | 'controller'> =
    installed === undefined ? replicatorNamed(replicator, workspace.registries) : { on: [dataPlane] };
  if (!fitsPlane({ on }, dataPlane)) {
    const fit = workspace.registries.replicators.filter((one) => fitsPlane(one, dataPlane)).map(({ name }) => name);
    throw new UserError(
      `the replicator ${replicator} cannot be installed on the data plane ${dataPlane}`,
      `it is made for ${on === 'any' ? 'any' : on.join(', ')}, and ${dataPlane} takes ${fit.join(', ')}: choose with --data-plane or --replicator`,
    );
  }
  // What is asked for is tried, also where the replicator says that it is not made for it.
  const made = lab.variants.filter((variant) => modes?.includes(variant) !== false);
  const variants = options.mode === undefined && made.length > 0 ? made : lab.variants;
  const [firstVariant = anyVariant] = variants;
  const suites = (options.suite ?? []).map((suite) => named('suite', suite, suitesOf(workspace), (one) => one));
  const topologyFile = topologyChoice(options.topology, workspace) ?? bound?.topologyFile ?? base.topologyFile;
  const topology = await loadTopology(topologyFile, workspace.registries.dataPlanes, {
    kind: dataPlane,
    variant: firstVariant,
  });
  const { machine, needs } = dataPlaneNamed(dataPlane, workspace.registries);
  const chosen = await kernelFor(workspace, testbed, options, versionFacts(machine), [
    ...needs,
    ...wiringNeeds(topology),
  ]);
  const plan: RunPlan = {
    ...base,
    runFolder: options.out === undefined ? base.runFolder : resolve(options.out),
    topologyFile,
    testbed,
    ...(bound === null ? {} : { bindingFile: bound.file }),
    dataPlane,
    mutants:
      options.controls === 'tampers'
        ? []
        : plannedMutants(workspace.registries, dataPlane, { ...(controller === undefined ? {} : { controller }) }),
    environment: { ...environmentFacts(machine), ...chosen?.environment },
    ...(chosen === null ? {} : { kernel: chosen.kernel }),
    inputs: inputFacts(workspace.folder, {
      topology: topologyFile,
      config: workspace.configFile,
      binding: bound?.file,
      'replicator file': isPath(replicator) ? resolve(replicator) : null,
    }),
    replicator: installed === undefined && isPath(replicator) ? resolve(replicator) : replicator,
    ...(installed === undefined ? {} : { installed }),
    modes: variants,
    // The variant in which every mutant can be caught, if it is among those that run.
    controlMode: variants.includes(base.controlMode) ? base.controlMode : firstVariant,
    controls: options.controls,
    standIns: options.all !== true && options.controls === 'declared',
    suites,
    scenarios: [...suites, ...(options.scenario ?? [])],
    // A suite that is named runs whole, except for what takes minutes; a scenario that is named always runs.
    longest:
      options.all === true || options.scenario !== undefined
        ? 'minutes'
        : options.suite !== undefined
          ? 'seconds'
          : 'short',
    // Its machines hold one lab at a time.
    workers: bound === null ? options.workers : 1,
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    command: shellCommand(['everyleaf', ...process.argv.slice(2)]),
  };
  return withTampers(plan, workspace.registries);
}
