/**
 * `everyleaf/playwright`: for a `playwright.config.ts` of your own, if `npx playwright test` shall run your scenarios,
 * too.
 *
 *     import { playwrightConfig } from 'everyleaf/playwright';
 *     import config from './everyleaf.config';
 *     export default playwrightConfig(config, './everyleaf.config.ts');
 */
import { resolve } from 'node:path';
import type { Config } from './config.js';
import { runnerConfiguration, type RunnerConfiguration } from './runner/configuration.js';
import { planOf } from './run/planFile.js';
import { workspaceOf } from './run/loadConfig.js';

/**
 * The runner's configuration: a project for each variant of the data plane, the controls in one of them. It runs what
 * `everyleaf run` does without options.
 * @param file path of the config file, whose folder its paths are relative to
 */
export function playwrightConfig(config: Config, file: string): RunnerConfiguration {
  const workspace = workspaceOf(config, resolve(file));
  return runnerConfiguration(planOf(workspace), workspace);
}
