import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { INVENTORY_FILE, readInventory } from '../inventory/inventory.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { TAMPERS } from '../control/tamper/registry.js';
import type { RunSummary } from '../report/json.js';
import type { ControlCell, RunReport } from '../run/result.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../testing/limits.js';
import { isDrawn, NOT_DRAWN, someOf } from '../testing/samples.js';
import { until } from '../until.js';

test.describe.configure({ mode: 'parallel', timeout: WHOLE_RUNS_MS });

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-run-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function everyleaf(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

const ARP = ['--mode', 'balance-tcp', '--scenario', 'every ARP form', '--workers', '1'];

test('a run with its controls passes, and is judged again to the same bytes', async () => {
  const run = await everyleaf('run', '--json', '--out', join(folder, 'run'), ...ARP);
  expect(run.code, run.stderr).toBe(0);
  const summary = JSON.parse(run.stdout) as RunSummary;
  expect(summary.verdict).toBe('pass');
  expect(summary.leaves).toEqual(['leaf-a', 'leaf-b']);
  expect(summary.kinds['arp-reply-unicast']?.delivered).toBeGreaterThan(0);
  expect(summary.controls.survivors).toEqual([]);
  const shown = Object.values(summary.controls.table).flatMap((row) =>
    Object.values(row).flatMap(({ signatures }) => signatures),
  );
  expect(shown).toContain('duplicate');
  for (const file of ['index.html', 'junit.xml', 'run.json', 'allure-results', 'evidence'])
    expect(existsSync(join(folder, 'run', file)), file).toBe(true);
  const [asked] = readInventory(readFileSync(join(folder, 'run/evidence', INVENTORY_FILE), 'utf8')).parts;
  expect(asked?.before.find(({ command }) => command === 'uname -a')?.stdout).toContain('Linux');
  expect(asked?.after).toEqual(asked?.before);
  const again = await everyleaf('judge', '--json', join(folder, 'run'));
  expect(again.code).toBe(0);
  expect(again.stdout).toBe(run.stdout);
});

/** What became of a tamper in a scenario. */
type Cell = Readonly<Record<'tamper' | 'scenario', string>> & Pick<ControlCell, 'fate' | 'reason'>;

/** A run of tampers, and what became of each of them. */
interface TamperRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly cells: readonly Cell[];
}

async function runTampersOnce(out: string, replicator: string, ...args: readonly string[]): Promise<TamperRun> {
  const run = await everyleaf(
    ...['run', '--out', out, '--replicator', replicator, '--controls', 'tampers'],
    ...['--mode', 'balance-tcp', '--workers', '1', ...args],
  );
  const file = join(out, 'run.json');
  expect(existsSync(file), run.stdout + run.stderr).toBe(true);
  const { controls } = JSON.parse(readFileSync(file, 'utf8')) as RunReport;
  expect(controls.mutants).toEqual([]);
  return {
    code: run.code,
    stdout: run.stdout,
    cells: controls.tampers.flatMap(({ tamper, cells }) =>
      Object.entries(cells).map(([scenario, { fate, reason }]) => ({ tamper, scenario, fate, reason })),
    ),
  };
}

/** On a busy machine a trial may be one that nothing can be said of: what it left undecided is run once more. */
async function runTampers(out: string, replicator: string, ...args: readonly string[]): Promise<TamperRun> {
  const run = await runTampersOnce(out, replicator, ...args);
  const open = run.cells.filter(({ fate }) => fate === 'undecided');
  if (open.length === 0) return run;
  const again = await runTampersOnce(`${out}-again`, replicator, ...chosen(open.map(({ scenario }) => scenario)));
  const second = (cell: Cell) =>
    again.cells.find(({ tamper, scenario }) => tamper === cell.tamper && scenario === cell.scenario) ?? cell;
  return { ...run, cells: run.cells.map((cell) => (cell.fate === 'undecided' ? second(cell) : cell)) };
}

const EXAMPLE = join(PACKAGE_ROOT, 'docs/examples/replicator');
/** Scenarios of a run, and the tampers that they must catch behind a replicator of somebody else. */
const CAUGHT_BY: readonly (readonly [scenarios: readonly string[], tampers: readonly string[]])[] = [
  [
    ['every ARP form'],
    [
      'lose-on-one-leg',
      'lose-on-all-but-one',
      'lose-unicast',
      'double',
      'double-some',
      'storm',
      'alter-target',
      'change-source-mac',
      'delay',
      'repeat',
    ],
  ],
  [
    ['a VM that runs duplicate', 'of every shape', 'when a leaf asks', 'when a kernel looks'],
    ['lose-on-one-leg', 'lose-nd', 'lose-replies'],
  ],
  [
    ['data goes out once', 'what only looks like', 'what VMs on one host', 'a frame of one leaf reaches'],
    [
      'copy-data',
      'lose-tcp',
      'pin-data',
      'copy-icmp6',
      'copy-lldp',
      'lose-on-host',
      'reflect',
      'echo',
      'move-table',
      'leak-vlan',
      'lose-inbound',
    ],
  ],
  [
    ['of a trunk VM', 'in two VLANs', 'all leaves are one LACP partner', 'with one leg out'],
    [
      'lose-on-one-leg',
      'lose-replies',
      'lose-tagged',
      'strip-tag',
      'change-priority',
      'invent',
      'invent-stranger',
      'split-partner',
    ],
  ],
];

/** So many runs of a minute and more look at special cases; of these one is drawn. */
const SPECIAL_RUNS = 4;

/** Behind one whose profile asks that copies are near each other, and that none is made on the host. */
const CAUGHT_BY_MORE = [
  ['every NS and NA', 'what VMs on one host', '3,000'],
  ['lose-nd', 'lose-replies', 'alter-nonce', 'skew', 'double-on-host', 'police'],
] as const;

/** Behind one that promises frames with two tags. */
const CAUGHT_BEHIND_TWO_TAGS = [['with two VLAN tags'], ['lose-two-tags', 'strip-inner-tag']] as const;

/** With a second host behind the leaves: lib/runner/secondHost.lab.test.ts. */
const CAUGHT_WITH_TWO_HOSTS = ['hairpin'] as const;

/** Behind none at all: it never sends where there is no carrier, so the copies there are the tamper's. */
const CAUGHT_BEHIND_NONE = ['with one leg out', 'send-to-dead-leg'] as const;

test('every tamper is caught in one of these runs', () => {
  const tried = new Set([
    ...CAUGHT_BY.flatMap(([, tampers]) => tampers),
    ...CAUGHT_BY_MORE[1],
    ...CAUGHT_BEHIND_TWO_TAGS[1],
    ...CAUGHT_WITH_TWO_HOSTS,
    CAUGHT_BEHIND_NONE[1],
  ]);
  expect([...tried].sort()).toEqual(TAMPERS.map(({ name }) => name).sort());
});

function chosen(scenarios: readonly string[]): readonly string[] {
  return [...new Set(scenarios)].flatMap((scenario) => ['--scenario', scenario]);
}

/** Expects that scenarios whose titles contain one of these words caught just these tampers, each of them. */
function expectCaught({ cells }: TamperRun, words: readonly string[], tampers: readonly string[]): void {
  const own = cells.filter(({ scenario }) => words.some((part) => scenario.includes(part)));
  expect(own.filter(({ fate }) => fate !== 'caught')).toEqual([]);
  expect([...new Set(own.map(({ tamper }) => tamper))].sort()).toEqual([...tampers].sort());
}

// One run: to begin and to report one takes as long as half a dozen trials.
test("behind a user's own replicator a run catches tampers, in each scenario that must", async () => {
  const some = someOf(CAUGHT_BY, 1, Math.random);
  const all = chosen(some.flatMap(([scenarios]) => scenarios));
  const run = await runTampers(join(folder, 'run'), join(EXAMPLE, 'ovs-flows.yaml'), ...all);
  for (const [scenarios, tampers] of some) expectCaught(run, scenarios, tampers);
});

test('tampers that only some replicators promise anything of are caught behind these, and one that only floods meet', async () => {
  test.skip(!isDrawn(0, SPECIAL_RUNS, 1), NOT_DRAWN);
  cpSync(EXAMPLE, folder, { recursive: true });
  const own = join(folder, 'ovs-flows.yaml');
  writeFileSync(own, readFileSync(own, 'utf8').replace('profile: ovs-group', 'profile: ./own.yaml'));
  const profile = {
    name: 'own',
    title: 'near each other, and nothing on the host',
    source: 'a test',
    maxSkewNs: 20_000_000,
  };
  writeFileSync(join(folder, 'own.yaml'), JSON.stringify(profile));
  const [scenarios, tampers] = CAUGHT_BY_MORE;
  expectCaught(await runTampers(join(folder, 'run'), own, ...chosen(scenarios)), scenarios, tampers);
});

test('tampers of frames with two tags are caught behind a replicator that promises these', async () => {
  test.skip(!isDrawn(3, SPECIAL_RUNS, 1), NOT_DRAWN);
  const [scenarios, tampers] = CAUGHT_BEHIND_TWO_TAGS;
  expectCaught(await runTampers(join(folder, 'run'), 'ovs-group-two-tags', ...chosen(scenarios)), scenarios, tampers);
});

test('without a replicator the run fails and says which leaf missed what, and a copy on a leg without carrier is caught', async () => {
  const [scenario, tamper] = CAUGHT_BEHIND_NONE;
  const run = await runTampers(join(folder, 'run'), 'none', ...chosen([scenario]));
  expect(run.code, run.stdout).toBe(1);
  // Reasons are wrapped to the terminal's width.
  expect(run.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /leaf-[ab] never saw \d+ of \d+ .* from vm1 \(MAC 02:00:00:00:01:0a\)/,
  );
  expect(readFileSync(join(folder, 'run/junit.xml'), 'utf8')).toContain('<failure');
  expect(run.cells).toContainEqual(expect.objectContaining({ tamper, fate: 'caught' }));
});

test('a pass that no broken replicator stands behind is none', async () => {
  const run = await everyleaf('run', '--json', '--controls', 'none', '--out', join(folder, 'run'), ...ARP);
  expect(run.code, run.stderr).toBe(3);
  const summary = JSON.parse(run.stdout) as RunSummary;
  expect(summary.experiments.map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(summary.reasons).toEqual([
    'no control was made (--controls none), so nothing shows that this run would have noticed anything',
  ]);
});

test('with four leaves and one leg out each of the other three is reached, and controls are caught', async () => {
  test.skip(!isDrawn(1, SPECIAL_RUNS, 1), NOT_DRAWN);
  // Four legs go out one after the other in each control.
  const topology = join(PACKAGE_ROOT, 'topologies/quad-leaf.yaml');
  const run = await everyleaf(
    'run',
    '--json',
    '--topology',
    topology,
    '--mode',
    'balance-tcp',
    '--scenario',
    'with one leg out',
    '--workers',
    '1',
    '--out',
    join(folder, 'run'),
  );
  expect(run.code, `${run.stderr}${run.stdout}`).toBe(0);
  const summary = JSON.parse(run.stdout) as RunSummary;
  expect(summary.leaves).toEqual(['leaf-a', 'leaf-b', 'leaf-c', 'leaf-d']);
  expect(Object.keys(summary.controls.table)).toEqual(expect.arrayContaining(['off', 'stale-liveness']));
  expect(summary.controls.survivors).toEqual([]);
});

test('in a bond mode that does not spread data, no mutant is tried that only spreads it wrongly', async () => {
  test.skip(!isDrawn(2, SPECIAL_RUNS, 1), NOT_DRAWN);
  const scenarios = ['--scenario', 'data goes out once', '--scenario', 'a frame of one leaf reaches'];
  const run = await everyleaf('run', '--json', '--mode', 'active-backup', '--out', join(folder, 'run'), ...scenarios);
  expect(run.code, `${run.stderr}${run.stdout}`).toBe(0);
  const { table } = (JSON.parse(run.stdout) as RunSummary).controls;
  expect(Object.keys(table)).toEqual(expect.arrayContaining(['copy-data', 'move-table']));
  for (const spreads of ['data-on-one-leg', 'pin-data']) expect(Object.keys(table)).not.toContain(spreads);
});

test('what is not known is refused before anything runs', async () => {
  const run = await everyleaf('run', '--out', join(folder, 'run'), '--replicator', 'ovs-grup');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('did you mean "ovs-group"?');
  expect(existsSync(join(folder, 'run'))).toBe(false);
});

test('a scenario that does not exist runs nothing, and that is no pass', async () => {
  // Words of projects, files and tags are not those of a title.
  const run = await everyleaf('run', '--out', join(folder, 'run'), '--scenario', 'slb');
  expect(run.code, run.stderr).toBe(4);
  expect(run.stderr).toContain('every ARP form of the host and its VMs reaches every leaf');
  expect(existsSync(join(folder, 'run'))).toBe(false);
});

test('a run does not write over another', async () => {
  mkdirSync(join(folder, 'run/evidence'), { recursive: true });
  const second = await everyleaf('run', '--out', join(folder, 'run'), ...ARP);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain('already holds a run');
  expect(readdirSync(join(folder, 'run'))).toEqual(['evidence']);
});

test('a disk without room is said, and nothing stays in the way of the next try', async () => {
  // Room for the folder of the run and that of its evidence, and for no file.
  const small = [
    '--user',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    'mount -t tmpfs -o nr_inodes=3 none "$0" && "$@"; code=$?; ls -A "$0"; exit $code',
    folder,
  ];
  const child = spawn(
    'unshare',
    [...small, process.execPath, join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', '--out', join(folder, 'run')],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  expect(said).toMatch(
    new RegExp(
      `^everyleaf: ${join(folder, 'run')} cannot be written: ENOSPC[^\n]*\neveryleaf: make room there[^\n]*\n$`,
    ),
  );
  expect(code).toBe(69);
});

test('a run that is interrupted before anything ran says so, and leaves no folder', async () => {
  const child = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', '--out', join(folder, 'run'), ...ARP],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('the run to have begun', HANGS_MS, () =>
    Promise.resolve(existsSync(join(folder, 'run/evidence/plan.json')) ? true : null),
  );
  child.kill('SIGTERM');
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  expect({ code, said }).toEqual({ code: 130, said: 'everyleaf: interrupted before any scenario ran\n' });
  expect(readdirSync(folder)).toEqual([]);
});
