import { defineConfig } from '@playwright/test';
import { DRAW_VARIABLE } from './lib/testing/samples.js';

// Set before workers are forked, so that all of them draw the same.
process.env[DRAW_VARIABLE] ??= String(Math.random());

/** The longest of all, as it makes the image of a guest first, and uses one processor: it must not be alone at the end. */
const GUEST = ['**/lib/vm/smoke.lab.test.ts'];
/**
 * Tests that take long, most of it waiting: begun first, so that short ones fill the time beside them, and none of them
 * is alone at the end.
 */
const LONG = [
  'testbed/ssh/{hold,upSsh,installed,vantage,refusals,calibrate}.lab.test.ts',
  'package/installed.lab.test.ts',
  'cli/{judgeBundle,repair.lab,judgeLabCaptures.lab,run.lab}.test.ts',
  'dataplane/linux-bridge/bridge.lab.test.ts',
].map((path) => `**/lib/${path}`);

/**
 * Tests that share something of their worker, a browser or a testbed. Each kind is a project of its own, so that they
 * come one after another: a worker that has something else must be ended and another one started, which takes 3 s of
 * CPU each time.
 */
const BROWSER = ['**/*.browser.test.ts'];
const TESTBED = ['replicator/{ovs/reconciler,ovs/controller/controller,command/command}', 'tables/leafTables'].map(
  (path) => `**/lib/${path}.lab.test.ts`,
);

/** This project's own tests; the scenarios that qualify a replicator are in playwright.config.ts. */
export default defineConfig({
  testDir: 'lib',
  projects: [
    { name: 'guest', testMatch: GUEST },
    { name: 'long', testMatch: LONG },
    { name: 'testbed', testMatch: TESTBED },
    { name: 'browser', testMatch: BROWSER },
    { name: 'tests', testMatch: '**/*.test.ts', testIgnore: [...GUEST, ...LONG, ...TESTBED, ...BROWSER] },
  ],
  fullyParallel: true,
  retries: 0,
  // More than processors: half of the time a test waits, for networks, clocks of protocols and far machines.
  workers: 5,
  // Ends what hangs, and nothing else: each wait has a limit of its own, and a test of labs takes four times as long on a busy machine.
  timeout: 300_000,
  // The same for one expectation: on a machine with ten times more work than cores a page of 5 MB is not drawn in the usual 5 s.
  expect: { timeout: 60_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'line',
});
