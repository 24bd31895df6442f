import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stableJson } from '../evidence/json.js';
import { splitIntoShards } from '../evidence/testing/goldenShards.js';
import { INVENTORY_FILE, readInventory, reasonsInInventory } from '../inventory/inventory.js';
import { SAMPLE_INVENTORY, smallRun } from '../qualification/testing/smallRun.js';
import { runSummary } from '../report/json.js';
import { aggregateRun } from './aggregate.js';
import { mergeShards } from './mergeShards.js';
import type { KeptPlan } from './plan.js';

// One worker, so that the golden run is unpacked once.
test.describe.configure({ mode: 'default' });

const WANTED = 'every ARP form of the host and its VMs reaches every leaf';
let parent = '';
let whole = '';
let shards: readonly string[] = [];
let merges = 0;

test.beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'everyleaf-merge-'));
  whole = smallRun(parent, (scenario) => scenario === WANTED);
  shards = splitIntoShards(whole, parent, 3);
});
test.afterAll(() => rmSync(parent, { recursive: true, force: true }));

function merge(folders: readonly string[]) {
  const folder = join(parent, `merged-${merges++}`);
  const evidence = join(folder, 'evidence');
  const shards = folders.map((one) => ({ name: one.replace(`${parent}/`, ''), evidence: one }));
  return { evidence, merged: mergeShards(shards, { folder, evidence }) };
}

/** A copy of a shard's evidence with one file changed. */
function changed(shard: string, file: string, change: (text: string) => string): string {
  const copy = join(mkdtempSync(join(parent, 'copy-')), 'evidence');
  cpSync(shard, copy, { recursive: true });
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
  return copy;
}

function refusal(folders: readonly string[]): string {
  const before = readdirSync(parent);
  try {
    merge(folders);
  } catch (error) {
    expect(readdirSync(parent)).toEqual(before);
    return (error as Error).message;
  }
  return 'merged';
}

const foldersIn = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;

test('shards in any order, one of them twice, are judged as the whole run was', () => {
  const [a = '', b = '', c = ''] = shards;
  const { evidence, merged } = merge([c, a, b, a]);
  expect(merged).toMatchObject({ shards: 3, experiments: foldersIn(whole) });
  const told = (folder: string) => {
    const { verdict, sentence, reasons, controls, totals, kinds } = runSummary(aggregateRun(folder));
    return { verdict, sentence, reasons, controls, totals, kinds };
  };
  expect(told(evidence)).toEqual(told(whole));
  const { command, shard } = JSON.parse(readFileSync(join(evidence, 'plan.json'), 'utf8')) as KeptPlan;
  expect({ command, shard }).toEqual({ command: 'run --shard 1 && run --shard 2 && run --shard 3', shard: undefined });
});

test('a shard alone has no verdict', () => {
  expect(() => aggregateRun(shards[1] ?? '')).toThrow(/holds shard 2\/3 of a run, which has no verdict of its own/);
});

test('a missing shard blocks the run, and says how much was never tried', () => {
  const [a = '', , c = ''] = shards;
  const { evidence } = merge([a, c]);
  const { verdict, reasons, experiments } = aggregateRun(evidence);
  const lost = experiments.filter(({ id }) => id.startsWith('lost: '));
  expect(verdict).toBe('blocked');
  expect(lost.length).toBeGreaterThan(1);
  expect(reasons[0]).toBe(`shard 2/3 is missing: ${lost.length} experiments were never tried`);
});

test('what no shard tried, though all are there, blocks the run, too', () => {
  const [a = '', b = '', c = ''] = shards;
  const less = changed(b, 'tests.json', (text) => {
    const record = JSON.parse(text) as { tests: unknown[] };
    return stableJson({ ...record, tests: record.tests.slice(1) });
  });
  rmSync(join(less, readdirSync(less).find((name) => existsSync(join(less, name, 'outcome.json'))) ?? ''), {
    recursive: true,
  });
  const { verdict, reasons } = aggregateRun(merge([a, less, c]).evidence);
  expect(verdict).toBe('blocked');
  expect(reasons[0]).toContain('1 experiments were in no shard');
});

test('what is not of one run is refused, and nothing is written', () => {
  const [a = '', b = '', c = ''] = shards;
  const plan = (from: string, to: string) => changed(b, 'plan.json', (text) => text.replace(from, to));
  const other = plan('"controls": "declared"', '"controls": "all"');
  expect(refusal([a, other, c])).toMatch(/shard-1\/evidence and copy-.* are not of one run: they differ in controls$/);
  const ofOtherCode = changed(b, 'plan.json', (text) =>
    stableJson({ ...(JSON.parse(text) as object), inputs: { commit: 'abc' } }),
  );
  expect(refusal([a, ofOtherCode, c])).toContain('they differ in input commit');
  const ofOtherList = changed(b, 'shard.json', (text) => text.replace('every ARP form', 'no ARP form'));
  expect(refusal([a, ofOtherList, c])).toContain('they differ in list of tests');
  expect(refusal([a, changed(b, 'shard.json', (text) => text.replace('"total": 3', '"total": 4'))])).toContain(
    'they differ in number of shards',
  );
  expect(refusal([a, b, changed(b, 'tests.json', (text) => `${text} `), c])).toMatch(/are both shard 2\/3, and differ/);
  expect(refusal([a, whole])).toContain('small/evidence is no shard: it has no shard.json');
  const [id = ''] = readdirSync(a).filter((name) => existsSync(join(a, name, 'outcome.json')));
  const twice = changed(b, 'tests.json', (text) => text);
  cpSync(join(a, id), join(twice, id), { recursive: true });
  // The same bytes are the same experiment.
  expect(refusal([a, twice, c])).toBe('merged');
  appendFileSync(join(twice, id, 'leaf-a.pcap'), 'x');
  expect(refusal([a, twice, c])).toContain(`both hold the experiment ${id}, and it differs`);
  expect(existsSync(dirname(twice))).toBe(true);
});

test('what the machines of each shard said is kept; a shard whose machines were not asked leaves its gap', () => {
  const [a = '', b = '', c = ''] = shards;
  const asked = (folder: string) => {
    const copy = changed(folder, 'tests.json', (text) => text);
    writeFileSync(join(copy, INVENTORY_FILE), stableJson(SAMPLE_INVENTORY));
    return copy;
  };
  const kept = (folders: readonly string[]) => {
    const file = join(merge(folders).evidence, INVENTORY_FILE);
    return existsSync(file) ? readInventory(readFileSync(file, 'utf8')) : null;
  };
  const [said] = SAMPLE_INVENTORY.parts;
  expect(kept([a, b, c])).toBeNull();
  expect(kept([a, b, c].map(asked))?.parts).toEqual([said, said, said]);
  expect(reasonsInInventory(kept([asked(a), b, asked(c)]))).toEqual([
    'what its machines are was not asked before it and after it',
  ]);
});

test('machines of a shard that were not given back speak against the whole', () => {
  const [a = '', b = '', c = ''] = shards;
  const withRecord = (folder: string, record: object | null) => {
    const copy = changed(folder, 'tests.json', (text) => text);
    if (record !== null) writeFileSync(join(copy, 'machines.json'), stableJson(record));
    return copy;
  };
  const good = { status: 'given back', repaired: [], differs: [], error: null };
  const reasons = (...records: readonly (object | null)[]) =>
    aggregateRun(merge([a, b, c].map((one, i) => withRecord(one, records[i] ?? null))).evidence).reasons;
  expect(reasons(good, good, good)).toEqual(aggregateRun(whole).reasons);
  expect(reasons(good, { ...good, differs: ['leg-a is down'] }, good)[0]).toContain('leg-a is down');
  expect(reasons(good, null, good)[0]).toContain('the run was killed');
});
