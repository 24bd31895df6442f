import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from '../evidence/json.js';
import type { RunPlan } from './plan.js';

/** Makes the run's folder, keeps the plan in it, and returns the plan's path. */
export function writePlan(plan: RunPlan): string {
  mkdirSync(plan.runFolder, { recursive: true });
  const file = join(plan.runFolder, 'plan.json');
  writeFileSync(file, stableJson(plan));
  return file;
}
