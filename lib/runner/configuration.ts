import { extname, join } from 'node:path';
import { defineConfig, type PlaywrightTestConfig, type Project, type ReporterDescription } from '@playwright/test';
import { fitsPlane } from '../registries.js';
import { missingAllurePackages } from '../report/allure.js';
import { longerThan } from '../run/duration.js';
import type { RunPlan } from '../run/plan.js';
import { scenarioRoots, type ScenarioRoot, type Workspace } from '../run/workspace.js';
import { setWorkspace } from './current.js';
import { controlTag } from './testTitle.js';
import type { RunOptions, ScenarioOptions } from './scenario.js';
import { CONTROL_TAG, coveredByTag, DECLARED_TAG, durationTag, notInTag, ONCE_TAG, SCENARIO_TAG } from './tags.js';

const tagged = (tag: string) => new RegExp(`${tag}(?![\\w-])`);

/** What `playwright.config.ts` exports. */
export type RunnerConfiguration = PlaywrightTestConfig<ScenarioOptions, RunOptions>;

/** Scenario files, in whatever the runner understands. */
const SCENARIO_FILES = '**/*.spec.?(m)[jt]s';

function filesOf({ folder, suites }: ScenarioRoot): Pick<Project, 'testDir' | 'testMatch'> {
  return {
    testDir: folder,
    testMatch: suites === null ? SCENARIO_FILES : suites.map((suite) => join(folder, suite, SCENARIO_FILES)),
  };
}

/** Some scenarios make sense only in some variants, or need to run in one only; some run only when there is time. */
const fitting = (mode: string, plan: RunPlan) => ({
  grepInvert: [
    tagged(notInTag({ kind: plan.dataPlane, variant: mode })),
    ...(mode === plan.controlMode ? [] : [tagged(ONCE_TAG)]),
    ...longerThan(plan.longest).map((duration) => tagged(durationTag(duration))),
  ],
});

/**
 * For one folder of scenarios: a project for each variant of the data plane. The controls are part of the one in whose
 * variant they are tried: the runner starts new workers, and with them new testbeds, for each project.
 */
function projectsOf(
  plan: RunPlan,
  workspace: Workspace,
  root: ScenarioRoot,
): readonly Project<ScenarioOptions, RunOptions>[] {
  const unplanned = [
    ...workspace.registries.mutants
      .filter((mutant) => plan.controls === 'tampers' || !fitsPlane(mutant, plan.dataPlane))
      .map(({ name }) => tagged(controlTag({ type: 'mutant', name }))),
    ...workspace.registries.tampers
      .filter(({ name }) => plan.tampers?.some((tamper) => tamper.name === name) !== true)
      .map(({ name }) => tagged(controlTag({ type: 'tamper', name }))),
    ...(plan.standIns === true ? (plan.tampers ?? []).map(({ name }) => tagged(coveredByTag(name))) : []),
  ];
  const controls = plan.controls === 'none' ? [] : [tagged(plan.controls === 'all' ? CONTROL_TAG : DECLARED_TAG)];
  return [...new Set([...plan.modes, plan.controlMode])].map((mode): Project<ScenarioOptions, RunOptions> => {
    const isTried = plan.modes.includes(mode) ? [tagged(SCENARIO_TAG)] : [];
    const { grepInvert } = fitting(mode, plan);
    return {
      name: mode,
      ...filesOf(root),
      ...(mode === plan.controlMode
        ? { grep: [...isTried, ...controls], grepInvert: [...grepInvert, ...unplanned] }
        : { grep: isTried, grepInvert }),
      use: { mode },
    };
  });
}

/** The runner's configuration for one run. Scenarios that are loaded after this call belong to that run. */
export function runnerConfiguration(plan: RunPlan, workspace: Workspace): RunnerConfiguration {
  setWorkspace(workspace, plan.controls);
  // No Allure results where it is not installed.
  const allure: ReporterDescription[] = missingAllurePackages().includes('allure-playwright')
    ? []
    : [['allure-playwright', { resultsDir: join(plan.runFolder, 'allure-results'), detail: false }]];
  return defineConfig<ScenarioOptions, RunOptions>({
    outputDir: join(plan.runFolder, 'runner'),
    fullyParallel: true,
    forbidOnly: true,
    // A verdict that only came at the second try is no verdict.
    retries: 0,
    workers: plan.workers,
    // Ends trials that hang, and nothing else: each wait of a trial has its own limit.
    timeout: 180_000,
    use: { plan },
    projects: scenarioRoots(workspace, plan.suites).flatMap((root) => projectsOf(plan, workspace, root)),
    reporter: [
      [join(import.meta.dirname, `runReporter${extname(import.meta.filename)}`), { runFolder: plan.runFolder }],
      ...allure,
    ],
  });
}
