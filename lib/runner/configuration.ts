import { extname, join } from 'node:path';
import { defineConfig, type PlaywrightTestConfig, type Project, type ReporterDescription } from '@playwright/test';
import { missingAllurePackages } from '../report/allure.js';
import type { RunPlan } from '../run/plan.js';
import { scenarioRoots, type ScenarioRoot, type Workspace } from '../run/workspace.js';
import { setWorkspace } from './current.js';
import type { RunOptions } from './scenario.js';

/** What `playwright.config.ts` exports. */
export type RunnerConfiguration = PlaywrightTestConfig<object, RunOptions>;

/** Scenario files, in whatever the runner understands. */
const SCENARIO_FILES = '**/*.spec.?(m)[jt]s';

function filesOf({ folder, suites }: ScenarioRoot): Pick<Project, 'testDir' | 'testMatch'> {
  return {
    testDir: folder,
    testMatch: suites === null ? SCENARIO_FILES : suites.map((suite) => join(folder, suite, SCENARIO_FILES)),
  };
}

/** The runner's configuration for one run. Scenarios that are loaded after this call belong to that run. */
export function runnerConfiguration(plan: RunPlan, workspace: Workspace): RunnerConfiguration {
  setWorkspace(workspace, plan);
  // No Allure results where it is not installed.
  const allure: ReporterDescription[] = missingAllurePackages().includes('allure-playwright')
    ? []
    : [['allure-playwright', { resultsDir: join(plan.runFolder, 'allure-results'), detail: false }]];
  return defineConfig<object, RunOptions>({
    outputDir: join(plan.runFolder, 'runner'),
    fullyParallel: true,
    forbidOnly: true,
    // A verdict that only came at the second try is no verdict.
    retries: 0,
    workers: plan.workers,
    // Ends trials that hang, and nothing else: each wait of a trial has its own limit.
    timeout: 180_000,
    use: { plan },
    // Not a project for each variant or control: the runner starts new workers, and with them new testbeds, for each.
    projects: scenarioRoots(workspace, plan.suites).map((root) => ({ name: plan.dataPlane, ...filesOf(root) })),
    reporter: [
      [
        join(import.meta.dirname, `runReporter${extname(import.meta.filename)}`),
        { runFolder: plan.runFolder, dataPlane: plan.dataPlane, shard: plan.shard },
      ],
      ...allure,
    ],
  });
}
