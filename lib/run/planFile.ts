import { readFileSync } from 'node:fs';
import { defaultPlan } from './defaultPlan.js';
import { PLAN_VARIABLE, type RunPlan } from './plan.js';
import type { Workspace } from './workspace.js';
import { writePlan } from './writePlan.js';

/** The plan that the command line left; null where the runner was started without it. */
export function plannedRun(): RunPlan | null {
  const file = process.env[PLAN_VARIABLE];
  return file === undefined ? null : (JSON.parse(readFileSync(file, 'utf8')) as RunPlan);
}

/**
 * The plan that the command line left, else the default plan. Workers evaluate the runner's configuration again, and
 * find the same plan.
 */
export function planOf(workspace: Workspace): RunPlan {
  const planned = plannedRun();
  if (planned !== null) return planned;
  const plan = defaultPlan(workspace);
  process.env[PLAN_VARIABLE] = writePlan(plan);
  return plan;
}
