import type { RunPlan } from '../run/plan.js';
import type { Workspace } from '../run/workspace.js';

let current: Workspace | null = null;
let plan: RunPlan | null = null;

/**
 * Sets what there is to run, and the plan of this run: the runner's configuration calls it before any scenario is
 * loaded, in each process of the runner.
 */
export function setWorkspace(workspace: Workspace, itsPlan: RunPlan): void {
  current = workspace;
  plan = itsPlan;
}

/** The plan of this run. Throws like `currentWorkspace`. */
export function currentPlan(): RunPlan {
  if (plan === null) throw new Error(NOT_STARTED);
  return plan;
}

const NOT_STARTED =
  'this scenario was not started by the everyleaf that it imports: start it with "npx everyleaf run" in the folder of its config';

/**
 * What there is to run. Throws where a scenario file was loaded without a configuration, or imports another everyleaf
 * than the one that runs it.
 */
export function currentWorkspace(): Workspace {
  if (current === null) throw new Error(NOT_STARTED);
  return current;
}
