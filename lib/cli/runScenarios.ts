import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runnerConfig, runnerVariables } from '../builtIn.js';
import { runProgram } from '../runProgram.js';
import { diesWithUs } from '../run/diesWithUs.js';
import { PLAN_VARIABLE, type RunPlan } from '../run/plan.js';
import { shardText } from '../run/shard.js';
import { writePlan } from '../run/writePlan.js';
import { readTestTitle } from '../runner/testTitle.js';
import { HOLD_VARIABLE } from '../testbed/hold.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';
import { EXIT } from './exitCodes.js';
import type { HeldRun } from './heldRun.js';
import { makeRunFolder, type RunFolder } from './runFolder.js';
import type { RunnerEnd } from './runnerEnd.js';

/** The runner distributes what has no durations of its own to go by, see the reporter. */
function shardArgs({ shard }: RunPlan): readonly string[] {
  return shard === undefined ? [] : [`--shard=${shardText(shard)}`];
}

/** The command line of the test runner. Throws UserError where it is not installed. */
function runnerCommand({ configFile }: RunPlan, ...args: readonly string[]): readonly string[] {
  let manifest: string;
  try {
    manifest = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  } catch {
    throw new UserError(
      'scenarios are run by @playwright/test, which is not installed',
      'npm install --save-dev @playwright/test',
      EXIT.infrastructure,
    );
  }
  return [process.execPath, join(dirname(manifest), 'cli.js'), 'test', '-c', runnerConfig(configFile), ...args];
}

/**
 * Makes the run's folder, runs the scenarios of a plan, and returns how the runner has ended. Progress goes to stderr.
 * @param pattern of scenarios, for `--grep`; null = all
 * @param cwd folder in which the runner works
 * @param held of the machines that it uses
 */
export async function runScenarios(
  plan: RunPlan,
  pattern: string | null,
  cwd: string,
  held: HeldRun,
): Promise<{ readonly end: RunnerEnd; readonly folder: RunFolder }> {
  const command = runnerCommand(plan, ...(pattern === null ? [] : ['--grep', pattern]), ...shardArgs(plan));
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
    const [file, ...args] = diesWithUs(command);
    const planFile = writeOrDiscard(plan, folder);
    held.begun();
    const { pass } = held;
    const started = spawn(file, args, {
      cwd,
      env: {
        ...process.env,
        ...runnerVariables(plan.configFile),
        [PLAN_VARIABLE]: planFile,
        ...(pass === undefined ? {} : { [HOLD_VARIABLE]: pass }),
        FORCE_COLOR: '0',
      },
      // The result of this command goes to stdout; the runner's output does not.
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

/** On a full disk, nothing is left that would be in the way of the next try. */
function writeOrDiscard(plan: RunPlan, folder: RunFolder): string {
  try {
    return writePlan(plan);
  } catch (error) {
    folder.discard();
    throw cannotWrite(plan.runFolder, error);
  }
}

/** Where the runner's own files are, below the run's folder. */
const RUNNER_FOLDER = 'runner';

/** What the runner prints with `--list --reporter=json`. */
interface Listed {
  readonly suites: readonly ListedSuite[];
}

interface ListedSuite {
  readonly suites?: readonly ListedSuite[];
  readonly specs: readonly { readonly title: string; readonly tags: readonly string[] }[];
}

/**
 * The environment without what sends the runner's JSON to a file, as a CI system may set it for its own tests (Playwright
 * 1.65, reporter `json`).
 */
function withoutReportFiles(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^PLAYWRIGHT_JSON_OUTPUT_(FILE|DIR|NAME)$/.test(name)),
  );
}

/** Titles of all scenarios that a plan could run, as the runner knows them. */
export async function listScenarios(plan: RunPlan, cwd: string): Promise<readonly string[]> {
  const everything: RunPlan = { ...plan, longest: 'minutes', controls: 'none' };
  const [file = '', ...args] = runnerCommand(plan, '--list', '--reporter=json');
  const planFile = writePlan(everything, RUNNER_FOLDER);
  const { stdout } = await runProgram(file, args, {
    cwd,
    env: { ...withoutReportFiles(), ...runnerVariables(plan.configFile), [PLAN_VARIABLE]: planFile },
  });
  const titles = (suite: ListedSuite): readonly string[] => [
    ...suite.specs.map(({ title }) => readTestTitle(title).scenario),
    ...(suite.suites ?? []).flatMap(titles),
  ];
  return [...new Set((JSON.parse(stdout) as Listed).suites.flatMap(titles))];
}
