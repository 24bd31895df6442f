import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from '../evidence/json.js';
import type { RunPlan } from './plan.js';
import { EVIDENCE_FOLDER, PLAN_FILE } from './testRecord.js';

/** Makes the run's folders, keeps the plan beside the evidence, and returns the plan's path. */
export function writePlan(plan: RunPlan, below: string = EVIDENCE_FOLDER): string {
  const folder = join(plan.runFolder, below);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, PLAN_FILE);
  writeFileSync(file, stableJson(plan));
  return file;
}
