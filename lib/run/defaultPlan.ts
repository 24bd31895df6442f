import { join } from 'node:path';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { DEFAULTS } from '../defaults.js';
import { environmentFacts } from './environment.js';
import { withTampers } from './tampers.js';
import type { RunPlan } from './plan.js';

/** `20261120-183012-4711`: sorts by time, and two runs that start together differ. */
export function runName(now: Date = new Date(), pid: number = process.pid): string {
  return `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${pid}`;
}

/** What `everyleaf run` does when nothing else is said. */
export function defaultPlan(): RunPlan {
  const run = runName();
  return withTampers(
    {
      run,
      runFolder: join(PACKAGE_ROOT, 'reports/out', run),
      topologyFile: join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'),
      replicator: 'ovs-group',
      dataPlane: 'ovs-bond',
      modes: ['balance-tcp', 'balance-slb', 'active-backup'],
      controlMode: 'balance-tcp',
      controls: 'declared',
      mutants: DEFAULTS.mutants.map(({ name, description, mustShow }) => ({ name, description, mustShow })),
      standIns: true,
      scenarios: [],
      extended: false,
      minutes: false,
      workers: 2,
      command: 'everyleaf run',
      startedAt: new Date().toISOString(),
      environment: environmentFacts(),
    },
    DEFAULTS,
  );
}
