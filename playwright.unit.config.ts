import { defineConfig } from '@playwright/test';

/**
 * What takes longest is begun first, or it would end alone: labs of far machines, which mostly wait, and beside them what
 * mostly computes. Within one project the runner leaves files with fixtures of their own to the end.
 */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  'far labs': ['hold', 'calibrate', 'vantage', 'upSsh'].map((name) => `**/testbed/ssh/${name}.lab.test.ts`),
  'own fixtures': [
    ...['cli/judgeLabCaptures.lab', 'cli/judgeBundle', 'package/installed.lab'].map((name) => `**/${name}.test.ts`),
    '**/*.browser.test.ts',
  ],
  'more far labs': ['installed', 'installedFaults', 'unplug', 'refusals'].map(
    (name) => `**/testbed/ssh/${name}.lab.test.ts`,
  ),
};

/** This project's own tests; the scenarios that qualify a replicator are in playwright.config.ts. */
export default defineConfig({
  testDir: 'lib',
  fullyParallel: true,
  retries: 0,
  // More than processors: half of the time a test waits, for networks, clocks of protocols and far machines. With seven on
  // two cores, steps of a run on far machines took longer than its lease.
  workers: 5,
  // Ends what hangs, and nothing else: each wait has a limit of its own, and a test of labs takes four times as long on a busy machine.
  timeout: 300_000,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'line',
  projects: [
    ...Object.entries(FIRST).map(([name, files]) => ({ name, testMatch: [...files] })),
    { name: 'others', testMatch: '**/*.test.ts', testIgnore: Object.values(FIRST).flat() },
  ],
});
