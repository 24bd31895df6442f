import { expect, test } from '@playwright/test';
import type { RunPlan } from '../run/plan.js';
import { WITHOUT_CONFIG } from '../run/workspace.js';
import { runnerConfiguration } from './configuration.js';

test('variants share one project, and so workers and testbeds; no test is tried twice', () => {
  const plan = {
    dataPlane: 'ovs-bond',
    modes: ['balance-tcp', 'balance-slb', 'active-backup'],
    runFolder: '/run',
    suites: [],
  };
  const { projects, retries, forbidOnly } = runnerConfiguration(plan as unknown as RunPlan, WITHOUT_CONFIG);
  expect(projects?.map(({ name }) => name)).toEqual(['ovs-bond']);
  expect([retries, forbidOnly]).toEqual([0, true]);
});
