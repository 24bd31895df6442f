import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { BUILT_IN_SCENARIOS, runnerConfig, runnerVariables } from './builtIn.js';
import { PACKAGE_ROOT } from './packageRoot.js';

/** Scenario files of a folder, without their endings. */
function scenariosIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.spec\.[jt]s$/.test(file))
    .map((file) => file.slice(0, -'.js'.length))
    .sort();
}

test('without a config the runner loads its bundle, which has every scenario and its reporter beside it', () => {
  const config = runnerConfig(null);
  expect(config).toBe(join(PACKAGE_ROOT, 'dist/lib/bundle/node_modules/runner/playwright.config.js'));
  const folder = dirname(config);
  expect(existsSync(join(folder, 'runReporter.js'))).toBe(true);
  expect(scenariosIn(join(folder, 'scenarios'))).toEqual(scenariosIn(BUILT_IN_SCENARIOS));
});

test('the runner translates no modules unless a config may bring some', () => {
  expect(runnerVariables(null)).toEqual({ PW_DISABLE_TS_ESM: '1' });
  expect(runnerVariables('everyleaf.config.ts')).toEqual({});
});

test('with a config the runner loads what was compiled, as scenarios of a config do', () => {
  expect(runnerConfig('everyleaf.config.ts')).toBe(join(PACKAGE_ROOT, 'dist/playwright.config.js'));
});
