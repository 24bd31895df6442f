import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { DEFAULTS } from '../defaults.js';
import { isPath } from '../files.js';
import { BUILT_IN_SCENARIOS, RUNNER_CONFIG } from '../builtIn.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { missingAllurePackages, writeAllurePage } from '../report/allure.js';
import { replicatorNamed } from '../replicator/find.js';
import { defaultPlan } from '../run/defaultPlan.js';
import { diesWithUs } from '../run/diesWithUs.js';
import { loadTopology } from '../run/loadTopology.js';
import { PLAN_VARIABLE, type RunPlan } from '../run/plan.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { withTampers } from '../run/tampers.js';
import { writePlan } from '../run/writePlan.js';
import { shellCommand } from '../shellQuote.js';
import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';
import { EXIT } from './exitCodes.js';
import { judgeRun } from './judgeRun.js';
import { makeRunFolder, type RunFolder } from './runFolder.js';
import { earlyEnd, testsOf, type RunnerEnd } from './runnerEnd.js';
import { scenarioPattern } from './scenarioPattern.js';

function suites(): readonly string[] {
  return readdirSync(BUILT_IN_SCENARIOS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function oneOf<T extends string>(what: string, known: readonly T[]): (value: string) => T {
  return (value) => {
    const found = known.find((one) => one === value);
    if (found === undefined)
      throw new UserError(`unknown ${what} "${value}"; ${suggest(value, known)}`, `known: ${known.join(', ')}`);
    return found;
  };
}

function collect<T>(parse: (value: string) => T): (value: string, before: readonly T[] | undefined) => readonly T[] {
  return (value, before = []) => [...before, parse(value)];
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 64)
    throw new InvalidArgumentError('a whole number from 1 to 64 is needed.');
  return number;
}

/** Makes the run's folder, runs the scenarios of a plan, and returns how the runner has ended. Progress goes to stderr. */
async function runScenarios(
  plan: RunPlan,
  pattern: string | null,
): Promise<{ readonly end: RunnerEnd; readonly folder: RunFolder }> {
  const runner = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');
  const grep = pattern === null ? [] : ['--grep', pattern];
  let child: ChildProcess | null = null;
  let interrupted = false;
  const pass = (signal: NodeJS.Signals) => {
    interrupted = true;
    child?.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  // Before there is anything that a signal could leave behind.
  for (const signal of signals) process.on(signal, pass);
  try {
    const folder = makeRunFolder(plan.runFolder);
    const [file, ...args] = diesWithUs([process.execPath, runner, 'test', '-c', RUNNER_CONFIG, ...grep]);
    const started = spawn(file, args, {
      cwd: PACKAGE_ROOT,
      env: { ...process.env, [PLAN_VARIABLE]: writeOrDiscard(plan, folder), FORCE_COLOR: '0' },
      // The result of this command is on stdout; what the runner says is not.
      stdio: ['ignore', process.stderr, process.stderr],
    });
    child = started;
    const end = await new Promise<RunnerEnd>((ended, failed) => {
      started.on('error', failed);
      started.on('close', (code, signal) => ended({ code, signal, interrupted }));
    });
    return { end, folder };
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}

/** On a full disk nothing stays that would be in the way of the next try. */
function writeOrDiscard(plan: RunPlan, folder: RunFolder): string {
  try {
    return writePlan(plan);
  } catch (error) {
    folder.discard();
    throw cannotWrite(plan.runFolder, error);
  }
}

/** Titles as they stand in the scenario files. */
function knownScenarios(): readonly string[] {
  return readdirSync(BUILT_IN_SCENARIOS, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.spec\.[jt]s$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(BUILT_IN_SCENARIOS, file), 'utf8').matchAll(/^scenario\(\s*(['"])(.+?)\1,/gm)].map(
        (match) => match[2] ?? '',
      ),
    );
}

/** Throws UserError where an Allure page cannot be made: before the run, not behind it. */
function needAllure(): void {
  const missing = missingAllurePackages();
  if (missing.length > 0)
    throw new UserError(
      `an Allure page needs ${missing.join(' and ')}, which everyleaf does not bring`,
      `npm install --save-dev ${missing.join(' ')}`,
      EXIT.infrastructure,
    );
}

/** Adds `run`: qualifies a replicator in a lab. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .description('qualify a replicator: build labs, send, break links, capture on every leaf, judge, report')
    .addOption(new Option('--replicator <name or file>', 'the replicator under test').default('ovs-group'))
    .option('--topology <file>', 'the wiring of the lab', join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'))
    .option(
      '--testbed <name>',
      'where labs run',
      oneOf(
        'testbed',
        DEFAULTS.testbeds.map(({ name }) => name),
      ),
      'netns',
    )
    .option(
      '--mode <mode>',
      'bond mode; may be given again; all without it',
      collect(oneOf('bond mode', DEFAULTS.dataPlanes[0]?.variants ?? [])),
    )
    .option('--suite <name>', 'only scenarios of this folder; may be given again', collect(oneOf('suite', suites())))
    .option(
      '--all',
      'also the long scenarios of faults and tables, which the default run leaves out, and those that take minutes',
    )
    .option(
      '--scenario <text>',
      'only scenarios whose title contains this; may be given again',
      collect((text) => text),
    )
    .addOption(
      new Option('--controls <which>', 'mutants: those that each scenario declares, all against all, or none')
        .choices(['declared', 'all', 'none'] as const)
        .default('declared' as const),
    )
    .option('--workers <n>', 'labs at the same time', wholeNumber, Math.min(8, cpus().length))
    .option('--out <folder>', 'folder of this run')
    .option('--allure', 'also write an Allure page, allure.html')
    .option('--json', 'print one JSON object')
    .action(async (options) => {
      if (options.allure === true) needAllure();
      const base = defaultPlan();
      replicatorNamed(options.replicator, DEFAULTS);
      await loadTopology(options.topology, DEFAULTS.dataPlanes);
      const wanted: RunPlan = {
        ...base,
        runFolder: options.out === undefined ? base.runFolder : resolve(options.out),
        topologyFile: resolve(options.topology),
        replicator: isPath(options.replicator) ? resolve(options.replicator) : options.replicator,
        modes: options.mode === undefined ? base.modes : [...new Set(options.mode)],
        // The mode in which every mutant can be caught, where it is among those that run.
        controlMode:
          options.mode === undefined || options.mode.includes(base.controlMode)
            ? base.controlMode
            : (options.mode[0] ?? base.controlMode),
        controls: options.controls,
        standIns: options.all !== true && options.controls === 'declared',
        scenarios: [...(options.suite ?? []), ...(options.scenario ?? [])],
        // Whoever names a suite wants all of it that takes seconds; whoever names a scenario wants it, however long it takes.
        extended: options.all === true || options.suite !== undefined || options.scenario !== undefined,
        minutes: options.all === true || options.scenario !== undefined,
        workers: options.workers,
        command: shellCommand(['everyleaf', ...process.argv.slice(2)]),
      };
      const plan = withTampers(wanted, DEFAULTS);
      const { end, folder } = await runScenarios(plan, scenarioPattern(options.suite ?? [], options.scenario ?? []));
      const early = earlyEnd(end, testsOf(plan.runFolder), {
        wanted: plan.scenarios,
        known: knownScenarios(),
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
      // What ran is judged and told, but a run that was cut short has no verdict to exit with.
      if (end.interrupted) process.exitCode = EXIT.interrupted;
    });
}
