import { planOf, plannedRun } from './lib/run/planFile.js';
import { loadWorkspace } from './lib/run/loadConfig.js';
import { runnerConfiguration } from './lib/runner/configuration.js';
import { importModule } from './lib/runner/importModule.js';

const workspace = await loadWorkspace(plannedRun()?.configFile ?? null, importModule);

export default runnerConfiguration(planOf(workspace), workspace);
