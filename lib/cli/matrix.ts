import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { BUILT_IN_TOPOLOGIES } from '../builtIn.js';
import { cellOf } from '../matrix/cellOf.js';
import { columnsOf, unfit, untried } from '../matrix/pairs.js';
import { columnName, matrixReport, type Tried } from '../matrix/report.js';
import { matrixPage } from '../matrix/page.js';
import { matrixText } from '../matrix/text.js';
import type { MatrixCell, MatrixReport, PlaneColumn } from '../matrix/types.js';
import { testbedNamed } from '../registries.js';
import { readReportDetails } from '../report/readDetails.js';
import { writeRunReport } from '../report/write.js';
import { replicatorNamed } from '../replicator/find.js';
import { none } from '../replicator/none.js';
import type { Replicator } from '../replicator/types.js';
import { aggregateRun } from '../run/aggregate.js';
import { defaultTopology, runName } from '../run/defaultPlan.js';
import { environmentFacts } from '../run/environment.js';
import { loadTopology } from '../run/loadTopology.js';
import type { ControlsChoice } from '../run/plan.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import type { Workspace } from '../run/workspace.js';
import { shellCommand } from '../shellQuote.js';
import { TopologyError } from '../topology/problem.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';
import { EXIT, exitCodeOf } from './exitCodes.js';
import { matrixScope, scopeText } from './matrixScope.js';
import { planFor, type RunOptions } from './planFor.js';
import { runPlanned } from './runPlanned.js';
import { print, printJson, wantsColour } from './terminal.js';
import { chooseLab, openWorkspace, topologyChoice } from './workspace.js';

/** What `run --matrix` is asked for. */
export interface MatrixOptions extends Omit<RunOptions, 'dataPlane' | 'replicator'> {
  readonly config?: string | undefined;
  /** Each once; empty = all. */
  readonly dataPlanes: readonly string[];
  readonly replicators: readonly string[];
  readonly json: boolean;
}

/** Options of `run` that say nothing about a matrix. */
const WITHOUT: readonly string[] = ['binding', 'shard', 'allure'];

/** Refuses what does not go with it. Throws UserError. @param typed options as they are typed, without dashes */
export function refuseWithMatrix(typed: readonly string[]): void {
  const wrong = typed.filter((one) => WITHOUT.includes(one));
  if (wrong.length > 0)
    throw new UserError(
      `--matrix does not go with ${wrong.map((one) => `--${one}`).join(', ')}`,
      'leave out one of them; a single pair takes all options, as everyleaf run without --matrix',
    );
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The rows: those that are named, or all; and always, at the end, a host without a replicator. */
function rowsOf(
  named: readonly string[],
  { registries }: Workspace,
): readonly { name: string; replicator: Replicator }[] {
  const names = named.length === 0 ? registries.replicators.map(({ name }) => name) : [...new Set(named)];
  const rows = names.map((name) => ({ name, replicator: replicatorNamed(name, registries) }));
  const others = rows.filter(({ replicator }) => replicator.name !== none.name);
  const twice = others.find(
    ({ replicator }, at) => others.findIndex((one) => one.replicator.name === replicator.name) < at,
  );
  if (twice !== undefined)
    throw new UserError(`two replicators are called ${twice.replicator.name}`, 'give one of them another name');
  return [...others, { name: none.name, replicator: none }];
}

/** A wiring that a data plane can be brought up on, or why there is none. */
async function wiringFor(
  column: PlaneColumn,
  workspace: Workspace,
  asked: string | undefined,
): Promise<{ readonly file: string } | { readonly why: string }> {
  const usual = topologyChoice(asked, workspace) ?? defaultTopology(workspace);
  const files = asked === undefined ? [usual, join(BUILT_IN_TOPOLOGIES, 'flat.yaml')] : [usual];
  let why = '';
  for (const file of files)
    try {
      await loadTopology(file, workspace.registries.dataPlanes, { kind: column.plane, variant: column.variant });
      return { file };
    } catch (error) {
      if (!(error instanceof TopologyError)) throw error;
      if (why === '')
        why = `${basename(file)} does not fit ${columnName(column)}: ${error.message.split('\n')[0] ?? ''}`;
    }
  return { why };
}

interface Pair extends PlaneColumn {
  /** As it is named on a command line. */
  readonly name: string;
  readonly replicator: string;
}

const cellFolder = ({ plane, variant, replicator }: Pair): string =>
  join('cells', [plane, variant, replicator].join('--').replaceAll(/[^A-Za-z0-9._-]+/g, '-'));

/** Options that say which labs, as words of a command line. */
function words(pair: Pair, options: RunOptions): readonly string[] {
  const several = (flag: string, values: readonly string[] = []) => values.flatMap((value) => [flag, value]);
  const one = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return [
    ...['--data-plane', pair.plane, ...(pair.variant === '' ? [] : ['--mode', pair.variant])],
    ...['--replicator', pair.name, '--controls', options.controls],
    ...one('--topology', options.topology),
    ...one('--testbed', options.testbed),
    ...one('--kernel', options.kernel),
    ...several('--kernel-modules', options.kernelModules),
    ...several('--suite', options.suite),
    ...several('--scenario', options.scenario),
    ...(options.all === true ? ['--all'] : []),
  ];
}

/** The same run as one pair of it makes it, in a folder below that of the matrix. */
async function tryCell(
  pair: Pair,
  workspace: Workspace,
  options: RunOptions & { readonly config?: string | undefined },
  where: { readonly folder: string; readonly elsewhere: string },
): Promise<{ readonly cell: MatrixCell; readonly interrupted: boolean }> {
  const folder = cellFolder(pair);
  const own = words(pair, options);
  const config = options.config === undefined ? [] : ['--config', options.config];
  const command = shellCommand(['everyleaf', 'run', ...own, ...config]);
  const empty = untried({ plane: pair.plane, variant: pair.variant, replicator: pair.replicator }, 'blocked', '');
  try {
    const plan = await planFor(workspace, {
      ...options,
      dataPlane: pair.plane,
      mode: pair.variant === '' ? undefined : [pair.variant],
      replicator: pair.name,
      out: join(where.folder, folder),
    });
    const { runFolder, end } = await runPlanned(workspace, { ...plan, command }, { scenario: options.scenario });
    const run = aggregateRun(join(runFolder, EVIDENCE_FOLDER));
    const details = readReportDetails(runFolder, run);
    await writeRunReport(runFolder, run, details);
    const cell = {
      ...empty,
      ...cellOf(run, details, where.elsewhere),
      folder,
      report: `${folder}/index.html`,
      command,
    };
    return { cell, interrupted: end.interrupted };
  } catch (error) {
    // One cell that breaks does not spoil the others.
    const sentence = error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
    const interrupted = error instanceof UserError && error.exitCode === EXIT.interrupted;
    const state = error instanceof UserError && error.exitCode === EXIT.nothingRan ? 'not-here' : 'blocked';
    const kept = existsSync(join(where.folder, folder)) ? folder : null;
    return { cell: { ...empty, state, sentence, command, folder: kept }, interrupted };
  }
}

function makeFolder(folder: string): void {
  if (existsSync(join(folder, 'cells')) || existsSync(join(folder, EVIDENCE_FOLDER)))
    throw new UserError(`${folder} already holds a run`, 'name another folder, or remove it');
  try {
    mkdirSync(join(folder, 'cells'), { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, error, 'name a folder that can be written with --out');
  }
}

function writeMatrix(folder: string, report: MatrixReport): void {
  try {
    writeFileSync(join(folder, 'matrix.json'), `${JSON.stringify(report, null, 1)}\n`);
    writeFileSync(join(folder, 'matrix.html'), matrixPage(report));
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** Where else labs can be had, for a cell that lacks something of this machine. */
function elsewhereText(testbed: string, { registries }: Workspace): string {
  if (testbedNamed(testbed, registries).withKernel !== undefined) return 'Another kernel may have it: --kernel';
  const able = registries.testbeds.filter((one) => one.withKernel !== undefined).map(({ name }) => name);
  return able.length === 0
    ? 'No other testbed is known'
    : `A guest with a kernel of its own has it: --testbed ${able.join(' or ')}`;
}

/** Tries each pair, one after the other, and leaves a page after each. Throws UserError where nothing can be begun. */
export async function runMatrix(asked: MatrixOptions): Promise<void> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const workspace = await openWorkspace(asked.config);
  const { registries } = workspace;
  const { testbed } = chooseLab(workspace, { testbed: asked.testbed });
  if (testbedNamed(testbed, registries).onBinding === true)
    throw new UserError(`--matrix does not go with --testbed ${testbed}, which needs a binding`, 'leave it out');
  const rows = rowsOf(asked.replicators, workspace);
  const { columns, leftOut } = columnsOf(registries.dataPlanes, { planes: asked.dataPlanes, modes: asked.mode ?? [] });
  const scope = matrixScope(asked, workspace);
  const run = runName();
  const folder = asked.out === undefined ? join(workspace.out, run) : resolve(asked.out);
  const wirings = new Map<PlaneColumn, Awaited<ReturnType<typeof wiringFor>>>();
  for (const column of columns) wirings.set(column, await wiringFor(column, workspace, asked.topology));
  const chosen = registries.dataPlanes.filter(({ kind }) => columns.some(({ plane }) => plane === kind));
  const environment = environmentFacts({ versions: chosen.flatMap(({ machine }) => machine?.versions ?? []) });
  makeFolder(folder);

  const pairs = rows.flatMap(({ name, replicator }) =>
    columns.map((column) => {
      const pair: Pair = { ...column, name, replicator: replicator.name };
      const why = unfit(replicator, column, registries.replicators);
      const wiring = wirings.get(column);
      const none = why ?? (wiring !== undefined && 'why' in wiring ? wiring.why : null);
      const topology = wiring !== undefined && 'file' in wiring ? wiring.file : undefined;
      const bare = { ...column, replicator: replicator.name };
      const cell =
        none === null ? untried(bare, 'not-tried', 'the matrix ended before') : untried(bare, 'does-not-fit', none);
      return { pair, cell, topology };
    }),
  );
  const conclude = (): MatrixReport => {
    const tried: Tried = {
      run,
      testbed,
      columns,
      rows: rows.map(({ replicator }) => ({
        replicator: replicator.name,
        description: replicator.description,
        isControl: replicator.name === none.name,
      })),
      cells: pairs.map(({ cell }) => cell),
      leftOut,
      scope: scopeText(asked, scope, asked.controls),
      environment,
      command: shellCommand(['everyleaf', ...process.argv.slice(2)]),
      startedAt,
      durationMs: Math.round(performance.now() - began),
    };
    return matrixReport(tried);
  };
  const todo = pairs.filter(({ cell }) => cell.state === 'not-tried');
  const elsewhere = elsewhereText(testbed, workspace);
  let interrupted = false;
  for (const [at, one] of todo.entries()) {
    const { pair, topology } = one;
    say(`matrix ${at + 1}/${todo.length}: ${pair.replicator} on ${columnName(pair)}`);
    const controls: ControlsChoice = pair.replicator === none.name ? 'none' : asked.controls;
    const options = { ...asked, scenario: undefined, suite: undefined, all: undefined, ...scope, topology, controls };
    const tried = await tryCell(pair, workspace, options, { folder, elsewhere });
    one.cell = tried.cell;
    say(`matrix ${at + 1}/${todo.length}: ${pair.replicator} on ${columnName(pair)}: ${one.cell.state}`);
    writeMatrix(folder, conclude());
    if (tried.interrupted) {
      interrupted = true;
      break;
    }
  }
  const report = conclude();
  writeMatrix(folder, report);
  process.exitCode = interrupted ? EXIT.interrupted : exitCodeOf(report.verdict);
  if (asked.json) await printJson({ ...report, folder, page: join(folder, 'matrix.html') });
  else {
    const look = { width: process.stdout.columns || 100, color: wantsColour(process.stdout) };
    await print(`${matrixText(report, look)}\npage: ${join(folder, 'matrix.html')}`);
  }
}
