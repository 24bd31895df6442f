import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { isPath } from '../files.js';
import { dataPlaneNamed, fitsPlane, named } from '../registries.js';
import { missingAllurePackages, writeAllurePage } from '../report/allure.js';
import { replicatorNamed } from '../replicator/find.js';
import { defaultChoices, plannedMutants } from '../run/defaultPlan.js';
import { environmentFacts } from '../run/environment.js';
import { loadTopology } from '../run/loadTopology.js';
import { CONTROLS, type ControlsChoice, type RunPlan } from '../run/plan.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { withTampers } from '../run/tampers.js';
import { suitesOf, type Workspace } from '../run/workspace.js';
import { shellCommand } from '../shellQuote.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';
import { judgeRun } from './judgeRun.js';
import { underHold } from './heldRun.js';
import { earlyEnd, testsOf } from './runnerEnd.js';
import { listScenarios, runScenarios } from './runScenarios.js';
import { scenarioPattern } from './scenarioPattern.js';
import { planeAsFound, requireAsFound } from './asFound.js';
import { bindingTestbed, boundTo, isInstalled } from './boundRun.js';
import { BUILT_IN, chooseLab, openWorkspace, topologyChoice, type LabOptions } from './workspace.js';

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 64)
    throw new InvalidArgumentError('a whole number from 1 to 64 is needed.');
  return number;
}

/** Throws UserError where an Allure page cannot be made: before the run, not after it. */
function needAllure(): void {
  const missing = missingAllurePackages();
  if (missing.length > 0)
    throw new UserError(
      `an Allure page needs ${missing.join(' and ')}, which everyleaf does not bring`,
      `npm install --save-dev ${missing.join(' ')}`,
      EXIT.infrastructure,
    );
}

/**
 * The plan that the command line asks for. Throws UserError or TopologyError where it names something that does not
 * exist.
 */
async function planFor(workspace: Workspace, options: RunOptions): Promise<RunPlan> {
  const base = defaultChoices(workspace);
  const asFound = (await isInstalled(options.binding, workspace)) ? planeAsFound(workspace) : undefined;
  const { testbed, dataPlane, variants } = chooseLab(workspace, {
    ...options,
    dataPlane: options.dataPlane ?? asFound,
    testbed: options.testbed ?? (options.binding === undefined ? undefined : bindingTestbed(workspace)),
  });
  const [firstVariant = base.controlMode] = variants;
  const bound = await boundTo(workspace, options.binding, testbed, { kind: dataPlane, variant: firstVariant });
  const { installed } = bound ?? {};
  requireAsFound(options, dataPlaneNamed(dataPlane, workspace.registries), bound !== null && asFound !== undefined);
  const replicator = options.replicator ?? installed?.name ?? bound?.replicator ?? base.replicator;
  const { on } = installed === undefined ? replicatorNamed(replicator, workspace.registries) : { on: [dataPlane] };
  if (!fitsPlane({ on }, dataPlane))
    throw new UserError(
      `the replicator ${replicator} cannot be installed on the data plane ${dataPlane}`,
      `it is made for ${on === 'any' ? 'any' : on.join(', ')}: choose with --data-plane or --replicator`,
    );
  const suites = (options.suite ?? []).map((suite) => named('suite', suite, suitesOf(workspace), (one) => one));
  const topologyFile = topologyChoice(options.topology, workspace) ?? bound?.topologyFile ?? base.topologyFile;
  await loadTopology(topologyFile, workspace.registries.dataPlanes, { kind: dataPlane, variant: firstVariant });
  const plan: RunPlan = {
    ...base,
    runFolder: options.out === undefined ? base.runFolder : resolve(options.out),
    topologyFile,
    testbed,
    ...(bound === null ? {} : { bindingFile: bound.file }),
    dataPlane,
    mutants: options.controls === 'tampers' ? [] : plannedMutants(workspace.registries, dataPlane),
    environment: environmentFacts(dataPlaneNamed(dataPlane, workspace.registries).machine),
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
    command: shellCommand(['everyleaf', ...process.argv.slice(2)]),
  };
  return withTampers(plan, workspace.registries);
}

interface RunOptions extends LabOptions {
  readonly replicator?: string | undefined;
  readonly topology?: string | undefined;
  readonly binding?: string | undefined;
  readonly suite?: readonly string[] | undefined;
  readonly scenario?: readonly string[] | undefined;
  readonly all?: true | undefined;
  readonly controls: ControlsChoice;
  readonly workers: number;
  readonly out?: string | undefined;
}

/** Adds `run`: qualifies a replicator in a lab. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .description('qualify a replicator: build labs, send, break links, capture on every leaf, judge, report')
    .option(
      '--replicator <name or file>',
      `the replicator under test; by default the first of your config, or ${BUILT_IN.replicator}`,
    )
    .option(
      '--topology <file>',
      'the wiring of the lab; by default the one of your config, or the built-in dual-leaf.yaml',
    )
    .option('--testbed <name>', `where labs run; by default the first of your config, or ${BUILT_IN.testbed}`)
    .option(
      '--binding <file>',
      'the real machines on which labs run, by ssh; its topology and its replicator are taken',
    )
    .option(
      '--data-plane <kind>',
      `how the host joins its uplinks; by default the first of your config, or ${BUILT_IN.dataPlane}`,
    )
    .option(
      '--mode <mode>',
      'variant of the data plane, such as a bond mode; may be given again; all without it',
      collect,
    )
    .option('--suite <name>', 'only scenarios of this folder; may be given again', collect)
    .option(
      '--all',
      'also the long scenarios of faults and tables, which the default run leaves out, and those that take minutes',
    )
    .option('--scenario <text>', 'only scenarios whose title contains this; may be given again', collect)
    .addOption(
      new Option(
        '--controls <which>',
        'which mutants and tampers to try: those that each scenario declares, only the tampers of these, all against all scenarios, or none',
      )
        .choices(CONTROLS)
        .default('declared' as const),
    )
    .option('--workers <n>', 'labs at the same time', wholeNumber, Math.min(8, cpus().length))
    .option('--config <file>', 'your config; without it everyleaf.config.ts, .mts, .js or .mjs of this folder')
    .option('--out <folder>', 'folder of this run')
    .option('--allure', 'also write an Allure page, allure.html')
    .option('--json', 'print one JSON object')
    .action(async (options) => {
      if (options.allure === true) needAllure();
      const workspace = await openWorkspace(options.config);
      const plan = await planFor(workspace, options);
      const { end, folder } = await underHold(workspace, plan, (held) =>
        runScenarios(plan, scenarioPattern(options.scenario ?? []), workspace.folder, held),
      );
      const early = await earlyEnd(end, testsOf(plan.runFolder), {
        wanted: plan.scenarios,
        known: () => listScenarios(plan, workspace.folder),
        runFolder: plan.runFolder,
      });
      if (early !== null) {
        if (!early.keepFolder) folder.discard();
        throw early.error;
      }
      if (options.allure === true)
        await writeAllurePage(
          join(plan.runFolder, 'allure-results'),
          join(plan.runFolder, 'allure.html'),
          `everyleaf ${plan.run}`,
        );
      await judgeRun(join(plan.runFolder, EVIDENCE_FOLDER), { json: options.json === true, report: plan.runFolder });
      // What ran is judged and reported, but a run that was cut short has no verdict to exit with.
      if (end.interrupted) process.exitCode = EXIT.interrupted;
    });
}
