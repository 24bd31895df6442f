import { defineConfig } from '@playwright/test';

/** This project's own tests; the scenarios that qualify a replicator are in playwright.config.ts. */
export default defineConfig({
  testDir: 'lib',
  testMatch: '**/*.test.ts',
  fullyParallel: true,
  retries: 0,
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'line',
});
