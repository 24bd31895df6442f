import type { TestRecord } from './testRecord.js';

/** The part of a run that one machine of several makes. */
export interface Shard {
  /** From 1 to `total`. */
  readonly index: number;
  readonly total: number;
  /** How long experiments took before, ms, by their names in a history; absent = the runner distributes them by number. */
  readonly durations?: Readonly<Record<string, number>>;
}

/** A planned test, as `tests.json` names it. */
export type Planned = Pick<TestRecord, 'scenario' | 'project'>;

/** `shard.json` beside the experiments: what the whole run has, so that a part of it that is missing can be told. */
export interface ShardRecord {
  readonly index: number;
  readonly total: number;
  /** All tests of the whole run, in the runner's order. */
  readonly whole: readonly Planned[];
}

export const SHARD_FILE = 'shard.json';

/** More machines than any farm gives to one night. */
const TOTAL_MAX = 64;

/** `2/3`; null where it is not understood. */
export function parseShard(text: string): Pick<Shard, 'index' | 'total'> | null {
  const [, first = '', second = ''] = /^([1-9][0-9]?)\/([1-9][0-9]?)$/.exec(text) ?? [];
  const [index, total] = [Number(first), Number(second)];
  return first === '' || index > total || total > TOTAL_MAX ? null : { index, total };
}

export function shardText({ index, total }: Pick<Shard, 'index' | 'total'>): string {
  return `${index}/${total}`;
}

/** What `merge` records where not all of a run is there. */
export function missingShards(shards: readonly Pick<Shard, 'index' | 'total'>[], untried: number): string {
  return `shard ${shards.map(shardText).join(', ')} is missing: ${untried} experiments were never tried`;
}

/** What it records where shards overlap or leave a gap, though all of them are there. */
export function inNoShard(untried: number): string {
  return `${untried} experiments were in no shard, as the shards were not made from one history of durations`;
}

/** Whether an error of a run says one of these. */
export function isMissingPart(error: string): boolean {
  return /^(shard [0-9/, ]+ is missing: |[0-9]+ experiments were in no shard, )/.test(error);
}

/** One text for each planned test; equal texts are the same test. */
export function plannedKey({ scenario, project }: Planned): string {
  return `${project}\n${scenario}`;
}

/**
 * How long each test is expected to take, ms: as it did before, else as its scenario does on average, else as any does.
 * @param name what a history calls a test; null for a control, whose durations it does not hold
 */
export function expectedMs(
  tests: readonly Planned[],
  durations: Readonly<Record<string, number>>,
  name: (test: Planned) => string | null,
): readonly number[] {
  const mean = (list: readonly number[]) => list.reduce((sum, ms) => sum + ms, 0) / list.length;
  const all = Object.values(durations);
  const usual = all.length === 0 ? 1 : mean(all);
  return tests.map((test) => {
    const own = name(test);
    const known = own === null ? undefined : durations[own];
    if (known !== undefined) return known;
    const alike = Object.entries(durations).flatMap(([other, ms]) =>
      other.startsWith(`${test.scenario} [`) ? [ms] : [],
    );
    return alike.length === 0 ? usual : mean(alike);
  });
}

/**
 * The shard of each test, from 1: the longest first, each to the shard that has least to do. The same tests and
 * durations give the same shards on every machine.
 */
export function distribute(ms: readonly number[], total: number): readonly number[] {
  const load = Array.from({ length: total }, () => 0);
  const shards = ms.map(() => 1);
  const order = ms.map((_, i) => i).sort((a, b) => (ms[b] ?? 0) - (ms[a] ?? 0) || a - b);
  for (const i of order) {
    const least = load.indexOf(Math.min(...load));
    // One, at least: tests that are said to take no time are still shared out.
    load[least] = (load[least] ?? 0) + Math.max(1, ms[i] ?? 0);
    shards[i] = least + 1;
  }
  return shards;
}
