import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './packageRoot.js';

/** A checkout runs its sources, which the runner translates; of an installed package it translates nothing, so that what was built is run. */
const IS_CHECKOUT = existsSync(join(PACKAGE_ROOT, 'scenarios'));

/** Folder of the scenarios that everyleaf brings. */
export const BUILT_IN_SCENARIOS = join(PACKAGE_ROOT, IS_CHECKOUT ? 'scenarios' : 'dist/scenarios');

/** Folder of the topologies that everyleaf brings. */
export const BUILT_IN_TOPOLOGIES = join(PACKAGE_ROOT, 'topologies');

/** The runner's configuration. */
export const RUNNER_CONFIG = join(PACKAGE_ROOT, IS_CHECKOUT ? 'playwright.config.ts' : 'dist/playwright.config.js');
