import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceManifest } from '../types.js';
import { controlOf } from '../../run/controlName.js';
import type { KeptPlan } from '../../run/plan.js';
import { distribute, plannedKey, SHARD_FILE, type ShardRecord } from '../../run/shard.js';
import { PLAN_FILE, TESTS_FILE, type TestsRecord } from '../../run/testRecord.js';
import { stableJson } from '../json.js';

function readJson(...path: readonly string[]): unknown {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

/**
 * The evidence of a whole run, as if so many machines had made it.
 * @returns the evidence folders of the shards, new ones below `parent`
 */
export function splitIntoShards(whole: string, parent: string, total: number): readonly string[] {
  const plan = readJson(whole, PLAN_FILE) as KeptPlan;
  const record = readJson(whole, TESTS_FILE) as TestsRecord;
  const shards = distribute(
    record.tests.map(() => 1),
    total,
  );
  const shardOf = new Map(record.tests.map((test, i) => [plannedKey(test), shards[i]]));
  const folders = Array.from({ length: total }, (_, i) => {
    const folder = join(parent, `shard-${i + 1}`, 'evidence');
    mkdirSync(folder, { recursive: true });
    const shard = { index: i + 1, total };
    const own: KeptPlan = { ...plan, run: `run-${i + 1}`, runFolder: parent, command: `run --shard ${i + 1}`, shard };
    writeFileSync(join(folder, PLAN_FILE), stableJson(own));
    const tests = record.tests.filter((_test, k) => shards[k] === shard.index);
    writeFileSync(join(folder, TESTS_FILE), stableJson({ ...record, tests }));
    const whole_ = record.tests.map(({ scenario, project }) => ({ scenario, project }));
    writeFileSync(join(folder, SHARD_FILE), stableJson({ ...shard, whole: whole_ } satisfies ShardRecord));
    return folder;
  });
  for (const entry of readdirSync(whole, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const { scenario, intent, dataplane } = readJson(whole, entry.name, 'outcome.json') as EvidenceManifest;
    const control = controlOf(intent);
    const project = control === null ? (dataplane.split('/')[1] ?? '') : `control ${control.name}`;
    const folder = folders[(shardOf.get(plannedKey({ scenario, project })) ?? 0) - 1];
    if (folder === undefined) throw new Error(`${entry.name} was not planned`);
    cpSync(join(whole, entry.name), join(folder, entry.name), { recursive: true });
  }
  return folders;
}
