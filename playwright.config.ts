import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { defineConfig, type Project, type ReporterDescription } from '@playwright/test';
import {
  CONTROL_TAG,
  coveredByTag,
  DECLARED_TAG,
  EXTENDED_TAG,
  MINUTES_TAG,
  NEEDS_LACP_TAG,
  notInTag,
  SCENARIO_TAG,
  type ScenarioOptions,
} from './lib/runner/scenario.js';
import { missingAllurePackages } from './lib/report/allure.js';
import { controlTag } from './lib/runner/testTitle.js';
import { DEFAULTS } from './lib/defaults.js';
import { PLAN_VARIABLE, type RunPlan } from './lib/run/plan.js';
import { defaultPlan } from './lib/run/defaultPlan.js';
import { writePlan } from './lib/run/writePlan.js';
import { dataPlaneNamed } from './lib/registries.js';

// The command line leaves the plan of its run in the environment.
// Workers evaluate this file again and must find the same plan.
const planFile = (process.env[PLAN_VARIABLE] ??= writePlan(defaultPlan()));
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as RunPlan;

const dataPlane = dataPlaneNamed(plan.dataPlane ?? 'ovs-bond', DEFAULTS);

const tagged = (tag: string) => new RegExp(`${tag}(?![\\w-])`);

/** Some scenarios make sense only where there is LACP, or only in some modes; some only when there is time. */
const fitting = (mode: string) => ({
  grepInvert: [
    tagged(notInTag(mode)),
    ...(dataPlane.traits(mode).lacp ? [] : [tagged(NEEDS_LACP_TAG)]),
    ...(plan.extended ? [] : [tagged(EXTENDED_TAG)]),
    ...(plan.minutes ? [] : [tagged(MINUTES_TAG)]),
  ],
});
const qualify = plan.modes.map((mode): Project<ScenarioOptions> => ({
  name: mode,
  grep: tagged(SCENARIO_TAG),
  ...fitting(mode),
  use: { mode },
}));
const controls: Project<ScenarioOptions> = {
  name: 'controls',
  grep: tagged(plan.controls === 'all' ? CONTROL_TAG : DECLARED_TAG),
  grepInvert: [
    ...fitting(plan.controlMode).grepInvert,
    ...DEFAULTS.tampers
      .filter(({ name }) => plan.tampers?.some((tamper) => tamper.name === name) !== true)
      .map(({ name }) => tagged(controlTag({ type: 'tamper', name }))),
    ...(plan.standIns === true ? (plan.tampers ?? []).map(({ name }) => tagged(coveredByTag(name))) : []),
  ],
  use: { mode: plan.controlMode },
};

/** Whoever has not installed it gets no Allure results. */
const allure: ReporterDescription[] = missingAllurePackages().includes('allure-playwright')
  ? []
  : [['allure-playwright', { resultsDir: join(plan.runFolder, 'allure-results'), detail: false }]];

export default defineConfig<ScenarioOptions>({
  testDir: 'scenarios',
  outputDir: join(plan.runFolder, 'runner'),
  fullyParallel: true,
  forbidOnly: true,
  // A verdict that came at the second try is no verdict.
  retries: 0,
  workers: plan.workers,
  timeout: 60_000,
  use: { plan },
  projects: plan.controls === 'none' ? qualify : [...qualify, controls],
  reporter: [
    [
      join(import.meta.dirname, `lib/runner/runReporter${extname(import.meta.filename)}`),
      { runFolder: plan.runFolder },
    ],
    ...allure,
  ],
});
