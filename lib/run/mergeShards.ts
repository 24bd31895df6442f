import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderDigest } from '../evidence/digest.js';
import { stableJson } from '../evidence/json.js';
import { UserError } from '../userError.js';
import { INVENTORY_FILE, readInventory, type InventoryRecord } from '../inventory/inventory.js';
import { MACHINES_FILE, type MachinesRecord } from './machinesRecord.js';
import type { KeptPlan } from './plan.js';
import {
  inNoShard,
  missingShards,
  plannedKey,
  SHARD_FILE,
  shardText,
  type Planned,
  type ShardRecord,
} from './shard.js';
import { PLAN_FILE, TESTS_FILE, type TestRecord, type TestsRecord } from './testRecord.js';

/** One shard that was read. */
interface Part {
  /** As the user named it. */
  readonly name: string;
  readonly evidence: string;
  readonly plan: KeptPlan;
  readonly shard: ShardRecord;
  readonly record: TestsRecord;
}

/** What is said when all of them are one run. */
export interface Merged {
  readonly shards: number;
  readonly experiments: number;
  /** Sentences that a reader should know. */
  readonly notes: readonly string[];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new UserError(
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
      'name the folders that run --shard made, whole',
    );
  }
}

function readPart(name: string, evidence: string): Part {
  if (!existsSync(join(evidence, SHARD_FILE)))
    throw new UserError(
      `${name} is no shard: it has no ${SHARD_FILE}`,
      'merge takes what run --shard made; a whole run is judged by everyleaf judge',
    );
  return {
    name,
    evidence,
    plan: readJson(join(evidence, PLAN_FILE)) as KeptPlan,
    shard: readJson(join(evidence, SHARD_FILE)) as ShardRecord,
    record: readJson(join(evidence, TESTS_FILE)) as TestsRecord,
  };
}

/** What a shard may have otherwise than the rest: where, when, and by how many workers. Its inputs are compared one by one. */
const OWN_OF_SHARD: ReadonlySet<string> = new Set<keyof KeptPlan>([
  'run',
  'runFolder',
  'command',
  'startedAt',
  'workers',
  'environment',
  'shard',
  'inputs',
]);

/** What all shards of a run have in common. */
function wholePlan(plan: KeptPlan, shard: ShardRecord): Readonly<Record<string, unknown>> {
  const asked = Object.fromEntries(Object.entries(plan).filter(([key]) => !OWN_OF_SHARD.has(key)));
  const { inputs } = plan;
  const named = (path: string | null | undefined) => (path === undefined || path === null ? path : basename(path));
  return {
    ...asked,
    // By name: their contents are among the inputs, and a copy of them may lie elsewhere on each machine.
    topologyFile: named(plan.topologyFile),
    configFile: named(plan.configFile),
    bindingFile: named(plan.bindingFile),
    replicator: named(plan.replicator),
    ...Object.fromEntries(Object.entries(inputs ?? {}).map(([key, value]) => [`input ${key}`, value])),
    'number of shards': shard.total,
    'list of tests': [...shard.whole].map(plannedKey).sort(),
  };
}

function requireOnePlan(first: Part, other: Part): void {
  const [a, b] = [first, other].map(({ plan, shard }) => wholePlan(plan, shard));
  const differs = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])].filter(
    (key) => stableJson(a?.[key] ?? null) !== stableJson(b?.[key] ?? null),
  );
  if (differs.length > 0)
    throw new UserError(
      `${first.name} and ${other.name} are not of one run: they differ in ${differs.sort().join(', ')}`,
      'run all shards with the same options, of the same commit, and the same number of them',
    );
}

/** One of each index. The same evidence may be there twice, as when it was fetched twice. */
function distinctParts(parts: readonly Part[]): readonly Part[] {
  const kept: Part[] = [];
  for (const part of parts) {
    const same = kept.find(({ shard }) => shard.index === part.shard.index);
    if (same === undefined) kept.push(part);
    else if (folderDigest(same.evidence) !== folderDigest(part.evidence))
      throw new UserError(
        `${same.name} and ${part.name} are both shard ${shardText(part.shard)}, and differ`,
        'a second try never replaces the first: name one of them, or run all shards again',
      );
  }
  return kept;
}

function experimentsOf(evidence: string): readonly string[] {
  return readdirSync(evidence, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Which part has each experiment. Throws UserError where two have it with other bytes. */
function ownersOf(parts: readonly Part[]): ReadonlyMap<string, Part> {
  const owners = new Map<string, Part>();
  for (const part of parts)
    for (const id of experimentsOf(part.evidence)) {
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, part);
      else if (folderDigest(join(owner.evidence, id)) !== folderDigest(join(part.evidence, id)))
        throw new UserError(
          `${owner.name} and ${part.name} both hold the experiment ${id}, and it differs`,
          'one experiment was made twice: run all shards again, each once',
        );
    }
  return owners;
}

/** The values that machines gave, each once. */
function mergedFacts(parts: readonly Part[]): Readonly<Record<string, string>> {
  const names = [...new Set(parts.flatMap(({ plan }) => Object.keys(plan.environment)))].sort();
  return Object.fromEntries(
    names.map((name) => [name, [...new Set(parts.map(({ plan }) => plan.environment[name] ?? 'none'))].join(' | ')]),
  );
}

function mergedMachines(parts: readonly Part[]): MachinesRecord | null {
  const found = parts.flatMap(({ evidence }) =>
    existsSync(join(evidence, MACHINES_FILE)) ? [readJson(join(evidence, MACHINES_FILE)) as MachinesRecord] : [],
  );
  if (found.length === 0) return null;
  // Where one shard has no record, how its machines were left is not known.
  const isWhole = found.length === parts.length;
  return {
    status: isWhole && found.every(({ status }) => status === 'given back') ? 'given back' : 'held',
    repaired: found.flatMap(({ repaired }) => repaired),
    differs: found.flatMap(({ differs }) => differs),
    error: found.find(({ error }) => error !== null)?.error ?? null,
  };
}

/** Each shard was made on machines of its own. One whose machines were not asked leaves a part that says so. */
function mergedInventory(parts: readonly Part[]): InventoryRecord | null {
  const found = parts.map(({ evidence }) => {
    const file = join(evidence, INVENTORY_FILE);
    return existsSync(file) ? readInventory(readFileSync(file, 'utf8')) : null;
  });
  if (found.every((one) => one === null)) return null;
  return { parts: found.flatMap((one) => one?.parts ?? [{ before: [], after: null }]) };
}

/** How bad each end of a runner is; the worst is that of the whole. */
const WORST: readonly TestsRecord['status'][] = ['running', 'interrupted', 'timedout', 'failed', 'passed'];

function mergedTests(parts: readonly Part[], whole: readonly Planned[], total: number): TestsRecord {
  const results = new Map<string, TestRecord>();
  for (const { record } of parts)
    for (const test of record.tests) {
      const before = results.get(plannedKey(test));
      if (before === undefined || before.status === 'never-ran') results.set(plannedKey(test), test);
    }
  const untried = whole.filter((test) => !results.has(plannedKey(test)));
  const there = new Set(parts.map(({ shard }) => shard.index));
  const missing = Array.from({ length: total }, (_, i) => i + 1).filter((index) => !there.has(index));
  const errors =
    missing.length > 0
      ? [
          missingShards(
            missing.map((index) => ({ index, total })),
            untried.length,
          ),
        ]
      : untried.length > 0
        ? [inNoShard(untried.length)]
        : [];
  const starts = parts.map(({ plan }) => Date.parse(plan.startedAt));
  const ends = parts.map(({ plan, record }) => Date.parse(plan.startedAt) + record.durationMs);
  return {
    status: WORST.find((status) => parts.some(({ record }) => record.status === status)) ?? 'running',
    durationMs: Math.max(...ends) - Math.min(...starts),
    tests: whole.map(
      (test) => results.get(plannedKey(test)) ?? { ...test, status: 'never-ran', error: errors[0] ?? null },
    ),
    errors: [...errors, ...parts.flatMap(({ record }) => record.errors)],
  };
}

/**
 * Unites the evidence of shards as that of one run. What a missing shard should have tried is recorded as never tried,
 * so the run is blocked.
 * @param shards their names and evidence folders
 * @param out the run's folder, with an empty evidence folder
 * @throws UserError where they are no shards, not of one run, or hold one experiment twice with other bytes; nothing is
 * written then
 */
export function mergeShards(
  shards: readonly { readonly name: string; readonly evidence: string }[],
  out: { readonly folder: string; readonly evidence: string },
): Merged {
  const read = shards.map(({ name, evidence }) => readPart(name, evidence));
  const [first] = read;
  if (first === undefined) throw new UserError('there is no shard', 'name their folders');
  for (const other of read.slice(1)) requireOnePlan(first, other);
  const parts = [...distinctParts(read)].sort((a, b) => a.shard.index - b.shard.index);
  const owners = ownersOf(parts);
  const record = mergedTests(parts, first.shard.whole, first.shard.total);
  const [lowest = first] = parts;
  const { plan } = lowest;
  const merged = {
    ...plan,
    // As the whole run has none: not kept in JSON.
    shard: undefined,
    runFolder: out.folder,
    environment: mergedFacts(parts),
    startedAt: [...parts.map(({ plan: { startedAt } }) => startedAt)].sort()[0] ?? plan.startedAt,
    command: parts.map(({ plan: { command } }) => command).join(' && '),
  };
  mkdirSync(out.evidence, { recursive: true });
  for (const [id, { evidence }] of owners) cpSync(join(evidence, id), join(out.evidence, id), { recursive: true });
  const machines = mergedMachines(parts);
  const inventory = mergedInventory(parts);
  if (machines !== null) writeFileSync(join(out.evidence, MACHINES_FILE), stableJson(machines));
  if (inventory !== null) writeFileSync(join(out.evidence, INVENTORY_FILE), stableJson(inventory));
  writeFileSync(join(out.evidence, TESTS_FILE), stableJson(record));
  // Last: a folder with a plan is the evidence of a run.
  writeFileSync(join(out.evidence, PLAN_FILE), stableJson(merged));
  const commit = plan.inputs?.['commit'];
  return {
    shards: parts.length,
    experiments: owners.size,
    notes:
      commit === undefined || commit === 'unknown'
        ? ['Of which commit the shards were is not known: that they were of the same could not be checked.']
        : [],
  };
}
