import type { ControlsChoice } from '../run/plan.js';
import type { Workspace } from '../run/workspace.js';

let current: Workspace | null = null;
let controls: ControlsChoice = 'all';

/**
 * Sets what there is to run, and which controls may be tried: the runner's configuration calls it before any scenario is loaded, in each process of the
 * runner.
 */
export function setWorkspace(workspace: Workspace, plannedControls: ControlsChoice): void {
  current = workspace;
  controls = plannedControls;
}

/** Which controls this run may try. */
export function plannedControls(): ControlsChoice {
  return controls;
}

/**
 * What there is to run. Throws where a scenario file was loaded without a configuration, or imports another everyleaf
 * than the one that runs it.
 */
export function currentWorkspace(): Workspace {
  if (current === null)
    throw new Error(
      'this scenario was not started by the everyleaf that it imports: start it with "npx everyleaf run" in the folder of its config',
    );
  return current;
}
