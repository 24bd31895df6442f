import type { RunPlan } from '../run/plan.js';
import type { Workspace } from '../run/workspace.js';
import { settleAllure, writeRunsAllurePage } from './allureOfRun.js';
import { underHold } from './heldRun.js';
import type { RunOptions } from './planFor.js';
import { earlyEnd, testsOf, type RunnerEnd } from './runnerEnd.js';
import { listScenarios, runScenarios } from './runScenarios.js';
import { scenarioPattern } from './scenarioPattern.js';

/** What the command line says besides the plan. */
export interface Asked extends RunOptions {
  readonly config?: string | undefined;
  readonly allure?: true | undefined;
  /** Folder of histories, where pages of Allure are to show earlier runs. */
  readonly history?: string | undefined;
}

/** What a run has left, and how the runner ended. */
export interface Ran {
  /** Absolute. */
  readonly runFolder: string;
  readonly end: RunnerEnd;
}

/**
 * Runs a plan, and leaves evidence. Throws UserError where nothing ran.
 */
export async function runPlanned(
  workspace: Workspace,
  plan: RunPlan,
  options: Pick<Asked, 'scenario' | 'allure' | 'history'>,
): Promise<Ran> {
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
