import { cpus } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { CONTROLS } from '../run/plan.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { parseShard, type Shard } from '../run/shard.js';
import { needAllure, settleAllure, writeRunsAllurePage } from './allureOfRun.js';
import { EXIT } from './exitCodes.js';
import { judgeRun } from './judgeRun.js';
import { underHold } from './heldRun.js';
import { earlyEnd, testsOf, type RunnerEnd } from './runnerEnd.js';
import { listScenarios, runScenarios } from './runScenarios.js';
import { scenarioPattern } from './scenarioPattern.js';
import { tellShard } from './shardOfRun.js';
import { planFor, type RunOptions } from './planFor.js';
import { BUILT_IN, openWorkspace } from './workspace.js';

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 64)
    throw new InvalidArgumentError('a whole number from 1 to 64 is needed.');
  return number;
}

function shardOf(value: string): Shard {
  const shard = parseShard(value);
  if (shard === null) throw new InvalidArgumentError('a part such as 2/3 is needed, of at most 64.');
  return shard;
}

/** Options that say what to run. */
export function withRunOptions(command: Command) {
  return command
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
      '--kernel <kernel>',
      'with --testbed vm: "newest", which is the default, or a version that the Debian mirror has',
    )
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
    .option('--shard <i/n>', 'only this part of n, as machine i of n; everyleaf merge judges all of them', shardOf)
    .option('--out <folder>', 'folder of this run')
    .option('--allure', 'also write an Allure page, allure.html');
}

/** What the command line says besides the plan. */
interface Asked extends RunOptions {
  readonly config?: string | undefined;
  readonly allure?: true | undefined;
  /** Folder of histories, where pages of Allure are to show earlier runs. */
  readonly history?: string | undefined;
}

/**
 * Runs what was asked for, and leaves evidence. Throws UserError where nothing ran.
 * @returns the run's folder, absolute, and how the runner ended
 */
export async function runAsked(options: Asked): Promise<{ readonly runFolder: string; readonly end: RunnerEnd }> {
  if (options.allure === true) needAllure();
  const workspace = await openWorkspace(options.config);
  const plan = await planFor(workspace, options);
  const { end, folder } = await underHold(workspace, plan, (held) =>
    runScenarios(plan, scenarioPattern(options.scenario ?? []), workspace.folder, held),
  );
  const record = testsOf(plan.runFolder);
  // More machines than experiments: nothing is left for some.
  const isEmptyShard = plan.shard !== undefined && record?.status === 'passed' && record.tests.length === 0;
  const early = isEmptyShard
    ? null
    : await earlyEnd(end, record, {
        wanted: plan.scenarios,
        known: () => listScenarios(plan, workspace.folder),
        runFolder: plan.runFolder,
      });
  if (early !== null) {
    if (!early.keepFolder) folder.discard();
    throw early.error;
  }
  settleAllure(plan.runFolder, plan);
  if (options.allure === true) await writeRunsAllurePage(plan.runFolder, plan, options.history);
  return { runFolder: plan.runFolder, end };
}

/** Adds `run`: qualifies a replicator in a lab. */
export function registerRun(program: Command): void {
  withRunOptions(
    program
      .command('run')
      .description('qualify a replicator: build labs, send, break links, capture on every leaf, judge, report'),
  )
    .option('--json', 'print one JSON object')
    .action(async (options) => {
      const { runFolder, end } = await runAsked(options);
      if (options.shard !== undefined) await tellShard(runFolder, options.shard, { json: options.json === true });
      else await judgeRun(join(runFolder, EVIDENCE_FOLDER), { json: options.json === true, report: runFolder });
      // What ran is judged and reported, but a run that was cut short has no verdict to exit with.
      if (end.interrupted) process.exitCode = EXIT.interrupted;
    });
}
