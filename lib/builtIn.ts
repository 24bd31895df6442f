import { existsSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { freshBundle } from './freshBundle.js';
import { PACKAGE_ROOT } from './packageRoot.js';

/**
 * Of a checkout the runner translates the sources itself; everything else, and every installed package, runs what was
 * built.
 */
const BUILT = extname(import.meta.filename) === '.ts' ? '.' : 'dist';

/** In the runner's bundle, which has scenarios of its own beside its code. */
const BUNDLED_SCENARIOS = join(import.meta.dirname, 'scenarios');

/** Folder of the scenarios that everyleaf brings. */
export const BUILT_IN_SCENARIOS = existsSync(BUNDLED_SCENARIOS)
  ? BUNDLED_SCENARIOS
  : join(PACKAGE_ROOT, BUILT, 'scenarios');

/** Folder of the topologies that everyleaf brings. */
export const BUILT_IN_TOPOLOGIES = join(PACKAGE_ROOT, 'topologies');

const SOURCE_CONFIG = join(PACKAGE_ROOT, 'playwright.config.ts');
/** See lib/bootstrap/bundle.mjs. */
const RUNNER_BUNDLE = 'node_modules/runner/playwright.config';
const IS_CHECKOUT = existsSync(SOURCE_CONFIG);

/** Folder of runs where no config names one. */
export const DEFAULT_OUT = IS_CHECKOUT ? join(PACKAGE_ROOT, 'reports/out') : resolve('everyleaf-reports');

/**
 * The runner's configuration. Scenarios of a config import what was built of everyleaf, so the rest of it must be what
 * was built, too, or half of it would be there twice. Without a config, all comes from one bundle, if there is one.
 */
export function runnerConfig(configFile: string | null): string {
  if (configFile !== null || !IS_CHECKOUT) return join(PACKAGE_ROOT, 'dist/playwright.config.js');
  return freshBundle(RUNNER_BUNDLE) ?? SOURCE_CONFIG;
}

/**
 * Variables for a runner with that configuration. Whatever runs without a config is JavaScript, and then the runner
 * needs no thread that translates modules, which each of its processes would start (Playwright 1.65,
 * lib/common/index.js, `registerESMLoader`).
 */
export function runnerVariables(configFile: string | null): Readonly<Record<string, string>> {
  return configFile === null && extname(runnerConfig(configFile)) === '.js' ? { PW_DISABLE_TS_ESM: '1' } : {};
}
