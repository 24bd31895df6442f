import { cpus } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { CONTROLS } from '../run/plan.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { parseShard, type Shard } from '../run/shard.js';
import { needAllure } from './allureOfRun.js';
import { EXIT } from './exitCodes.js';
import { judgeRun } from './judgeRun.js';
import { tellShard } from './shardOfRun.js';
import { planFor } from './planFor.js';
import { runPlanned, type Asked, type Ran } from './runPlanned.js';
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
      'with --testbed vm: "newest", which is the default, a version that the Debian mirror has, or the path of a kernel',
    )
    .option(
      '--kernel-modules <folder>',
      'modules of a kernel with a path, where they are not beside it; may be given again',
      collect,
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

/**
 * Runs what was asked for, and leaves evidence. Throws UserError where nothing ran.
 * @returns the run's folder, absolute, and how the runner ended
 */
export async function runAsked(options: Asked): Promise<Ran> {
  if (options.allure === true) needAllure();
  const workspace = await openWorkspace(options.config);
  return runPlanned(workspace, await planFor(workspace, options), options);
}

const MATRIX_HELP = `
With --matrix every replicator is tried on every data plane; --data-plane and --replicator narrow it, and may be given again there. Exit 0: each
pair that fits holds, and a host without a replicator fails everywhere. 1: a pair that fits does not hold. docs/matrix.md`;

/** All values of an option that is typed more than once; what the command is given is the last. */
function eachOf(command: { on(event: string, listener: (value: string) => void): unknown }, option: string): string[] {
  const values: string[] = [];
  command.on(`option:${option}`, (value) => void values.push(value));
  return values;
}

/** Adds `run`: qualifies a replicator in a lab, or each of them on each data plane. */
export function registerRun(program: Command): void {
  const command = withRunOptions(
    program
      .command('run')
      .description('qualify a replicator: build labs, send, break links, capture on every leaf, judge, report'),
  )
    .option('--matrix', 'try every replicator on every data plane, and write which one holds where: docs/matrix.md')
    .option('--json', 'print one JSON object')
    .addHelpText('after', MATRIX_HELP);
  const dataPlanes = eachOf(command, 'data-plane');
  const replicators = eachOf(command, 'replicator');
  command.action(async (options) => {
    const json = options.json === true;
    if (options.matrix === true) {
      const { refuseWithMatrix, runMatrix } = await import('./matrix.js');
      const isTyped = (name: string) => command.getOptionValueSource(name) === 'cli';
      refuseWithMatrix(Object.keys(options).filter(isTyped));
      // Tampers are the same on every data plane, so that cells can be compared.
      const controls = isTyped('controls') ? options.controls : 'tampers';
      return runMatrix({ ...options, controls, dataPlanes, replicators, json });
    }
    const { runFolder, end } = await runAsked(options);
    if (options.shard !== undefined) await tellShard(runFolder, options.shard, { json });
    else await judgeRun(join(runFolder, EVIDENCE_FOLDER), { json, report: runFolder });
    // What ran is judged and reported, but a run that was cut short has no verdict to exit with.
    if (end.interrupted) process.exitCode = EXIT.interrupted;
  });
}
