import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { test as base } from '@playwright/test';
import { loadTopology } from '../run/loadTopology.js';
import { planeName, type PlaneTraits } from '../dataplane/traits.js';
import { DURATIONS } from '../durations.js';
import { stableJson } from '../evidence/json.js';
import { startStopwatch } from '../trial/stopwatch.js';
import { standInsFor } from '../control/standIns.js';
import { tamperWith } from '../control/tamper/apply.js';
import { dataPlaneNamed, mutantNamed, tamperNamed, testbedNamed } from '../registries.js';
import { replicatorNamed } from '../replicator/find.js';
import { installRestartable } from '../replicator/restartable.js';
import type { Replicator } from '../replicator/types.js';
import { OUTCOME_FILE, type TrialOutcome, type Outcome } from '../run/outcome.js';
import { intentOf, type ControlName } from '../run/controlName.js';
import type { RunPlan } from '../run/plan.js';
import { sourceName, topologyFolders } from '../run/workspace.js';
import type { Registries } from '../registries.js';
import { dieWithParent } from '../agent/sys.js';
import { LackError } from '../testbed/capability.js';
import type { Testbed } from '../testbed/testbed.js';
import { aboutOf, isExpectation } from '../trial/expectation.js';
import { expect } from '../trial/matchers.js';
import { unlessNever } from '../until.js';
import { UserError } from '../userError.js';
import type { Topology } from '../topology/model.js';
import { TopologyError } from '../topology/problem.js';
import { suggest } from '../topology/suggest.js';
import { faultNamed } from '../fault/find.js';
import { callerOf, type Place } from './caller.js';
import { fitsSome, labNeeds, lacksOf, SCENARIO_NEEDS, unfitVariants, type Demands } from './needs.js';
import { currentWorkspace } from './current.js';
import { setupProblem, type ScenarioSetup } from './setup.js';
import { testTitle } from './testTitle.js';
import { openTrial, type Trial } from '../trial/trial.js';

/** Set by the runner's configuration, per project. */
export interface ScenarioOptions {
  readonly mode: string;
}

/** The same, per worker. */
export interface RunOptions {
  readonly plan: RunPlan | null;
}

interface WorkerFixtures extends RunOptions {
  readonly testbed: Testbed;
}

const registries = (): Registries => currentWorkspace().registries;

function planned(plan: RunPlan | null): RunPlan {
  if (plan === null) throw new Error('no run plan: start scenarios with "everyleaf run" or "npx playwright test"');
  return plan;
}

export const test = base.extend<ScenarioOptions, WorkerFixtures>({
  plan: [null, { option: true, scope: 'worker' }],
  mode: ['', { option: true }],
  // One agent per worker, a fresh lab per test.
  testbed: [
    async ({ plan }, use) => {
      dieWithParent();
      await using testbed = await testbedNamed(planned(plan).testbed, registries()).open();
      await use(testbed);
    },
    { scope: 'worker' },
  ],
});

/** Marks scenarios that the default run leaves out. */
export const EXTENDED_TAG = '@extended';

/** Marks scenarios that take minutes. */
export const MINUTES_TAG = '@minutes';

/** How long such a scenario may take, ms: twice what it takes, on a machine that is several times slower. */
const MINUTES_MAX = 900_000;

/**
 * The same for one that is slow, ms: a fabric starts twice and a leaf goes and comes back within 100 s, or a wait of
 * its own ends it. On a busy machine 150 s were not enough, and the trial was cut off in the middle of a call.
 */
const SLOW_MAX = 450_000;

/** Marks scenarios that are run in one variant. */
export const ONCE_TAG = '@once';

/** Marks a scenario against the replicator under test. */
export const SCENARIO_TAG = '@scenario';

/** Marks a scenario against a mutant or a tamper. */
export const CONTROL_TAG = '@control';

/** Marks controls that their scenario declares. */
export const DECLARED_TAG = '@declared';

/** How the tag of a control looks that is left out where this tamper is tried. */
export function coveredByTag(tamper: string): string {
  return `@covered-by:${tamper}`;
}

/** How the tag of a data plane's variant looks in which a scenario is not run. */
export function notInTag(plane: Pick<PlaneTraits, 'kind' | 'variant'>): string {
  return `@not-in:${planeName(plane)}`;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

interface Run {
  readonly plan: RunPlan;
  readonly mode: string;
  readonly control: ControlName | null;
  readonly replicator: Replicator;
  readonly testbed: Testbed;
  readonly title: string;
  readonly place: Place;
  readonly setup: ScenarioSetup;
  readonly folder: string;
}

/** What a scenario asks of a data plane. */
function demandsOf({ needs = [], needsLacp, modes }: ScenarioSetup): Demands {
  return { needs: needsLacp === true ? [...needs, 'lacp'] : needs, ...(modes === undefined ? {} : { modes }) };
}

/** The first of these lines, and how many more there are. */
function firstOf([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} (and ${more.length} more like it)`;
}

/**
 * The scenario's own wiring, or the run's. Throws LackError where the data plane can do nothing with the scenario's
 * own.
 */
async function wiringOf({ setup, plan, place, mode }: Run): Promise<Topology> {
  const choice = { kind: plan.dataPlane, variant: mode };
  if (setup.topology === undefined) return loadTopology(plan.topologyFile, registries().dataPlanes, choice);
  const file = topologyFile(setup.topology, place);
  return loadTopology(file, registries().dataPlanes, choice).catch((error: unknown) => {
    const isPlanes = error instanceof TopologyError && error.problems.every(({ kind }) => kind === 'plane');
    if (!isPlanes) throw error;
    throw new LackError([
      {
        what: `${setup.topology} on the data plane ${plan.dataPlane}`,
        command: `everyleaf up ${setup.topology} --data-plane ${plan.dataPlane}`,
        output: firstOf(error.message.replaceAll(file, setup.topology ?? '').split('\n')),
      },
    ]);
  });
}

/** One scenario on one fresh lab. Throws what the body threw, when the evidence has been written. */
async function runOnLab(
  run: Run,
  body: (trial: Trial) => Promise<void>,
  phases: ReturnType<typeof startStopwatch>,
): Promise<'tried' | 'skipped'> {
  const dataPlane = dataPlaneNamed(run.plan.dataPlane, registries());
  const topology = await wiringOf(run);
  const demands = demandsOf(run.setup);
  const lacks = lacksOf(demands, dataPlane, topology);
  if (lacks.length > 0) throw new LackError(lacks);
  const faults = (run.setup.faults ?? []).map((name) => faultNamed(name, registries().faults));
  const needs = labNeeds(demands, dataPlane, faults);
  await using lab = await phases.time('lab wired', () => run.testbed.open({ topology, needs }));
  const plane = await phases.time('switches up', () => dataPlane.bringUp(lab, run.mode));
  await using installed = await phases.time('replicator installed', () =>
    installRestartable(run.replicator, { lab, plane }),
  );
  // Behind a replicator that is ready: what is wrong then is the tamper's doing.
  const { control } = run;
  const tamper = control?.type === 'tamper' ? tamperNamed(control.name, registries()) : null;
  const lack = tamper === null ? null : await phases.time('tamper in force', () => tamperWith(lab, tamper));
  // Of controls that lose copies nothing is to be waited for.
  const isPatient = control === null || isSlow(control);
  const trial = await openTrial({
    lab,
    plane,
    turn: dataPlane.variants.indexOf(run.mode),
    replicator: run.replicator,
    installed,
    faults: registries().faults,
    intent: intentOf(control),
    scenario: run.title,
    testbed: run.testbed.name,
    folder: run.folder,
    environment: run.plan.environment,
    stopwatch: phases,
    witnesses: run.setup.witnesses ?? [],
    watchLegs: run.setup.legsDie ?? false,
    switchRestarts: run.setup.switchRestarts ?? false,
    awaitLate: isPatient,
    // In one bond mode: what comes again later does so in each.
    lingers: isPatient && run.setup.lingers === true && run.mode === run.plan.controlMode,
    answerMs: isPatient ? DURATIONS.neighborAnswer : DURATIONS.neighborAnswerLost,
    ...(lack === null ? {} : { lack }),
  });
  let failure: Error | null = null;
  try {
    if (lack === null)
      await phases.time('stimuli', async () => {
        await tamper?.ready?.(trial).catch(unlessNever);
        await body(trial);
      });
  } catch (error) {
    if (error instanceof LackError) trial.cannot(error.lacks);
    else failure = asError(error);
  }
  // Whatever the body did, there is evidence, and all of it must pass: also what the body did not ask about.
  const result = await trial.judge();
  if (failure !== null) throw failure;
  if (result.judgement.verdict === 'skipped') return 'skipped';
  expect(result).toPass();
  return 'tried';
}

/** Of an error that came while another was on its way out, both: the one that came first is the cause. */
function asError(thrown: unknown): Error {
  // Node 20 has no such class; what the compiler makes of `await using` throws errors with these fields.
  if (thrown instanceof Error && 'suppressed' in thrown && 'error' in thrown)
    return new Error(`${String(thrown.suppressed)}; then, while the lab was taken down: ${String(thrown.error)}`);
  return thrown instanceof Error ? thrown : new Error(`thrown: ${JSON.stringify(thrown)}`);
}

function outcomeOf(error: Error | null): Outcome {
  if (error === null) return { type: 'held' };
  if (error instanceof LackError) return { type: 'skipped', lacks: error.lacks };
  if (isExpectation(error))
    return {
      type: 'not-held',
      matcher: error.matcherResult.name,
      about: aboutOf(error),
      // The runner adds colours for terminals.
      message: stripVTControlCharacters(error.message),
    };
  return { type: 'broke', message: stripVTControlCharacters(error.stack ?? error.message) };
}

function isSlow(control: ControlName): boolean {
  const made =
    control.type === 'mutant' ? mutantNamed(control.name, registries()) : tamperNamed(control.name, registries());
  return made.isSlow === true;
}

function mustFindOf({ control, setup }: Run): Pick<TrialOutcome, 'mustShow'> {
  const mustShow = control === null ? undefined : setup.finds?.[control.name];
  return mustShow === undefined ? {} : { mustShow };
}

/** Writes `outcome.json`; a control in which nothing was noticed is not held to account here but in the run's table. */
function writeOutcome(run: Run, error: Error | null, startedAt: number, phases: TrialOutcome['phases']): Outcome {
  const outcome = outcomeOf(error);
  const plane = dataPlaneNamed(run.plan.dataPlane, registries()).traits(run.mode);
  const record: TrialOutcome = {
    id: relative(join(run.plan.runFolder, 'evidence'), run.folder),
    scenario: run.title,
    source: `${sourceName(currentWorkspace(), run.place.file)}:${run.place.line}`,
    intent: intentOf(run.control),
    dataplane: planeName(plane),
    plane,
    replicator: run.replicator.name,
    outcome,
    ...mustFindOf(run),
    durationMs: Math.round(performance.now() - startedAt),
    phases,
  };
  mkdirSync(run.folder, { recursive: true });
  writeFileSync(join(run.folder, OUTCOME_FILE), stableJson(record));
  return outcome;
}

/** The file of a topology that a scenario names; null where there is none. */
function findTopology(name: string, place: Place): string | null {
  return (
    topologyFolders(currentWorkspace(), place.file)
      .map((folder) => join(folder, name))
      .find((file) => existsSync(file)) ?? null
  );
}

function topologyFile(name: string, place: Place): string {
  const found = findTopology(name, place);
  if (found === null) throw new RangeError(`the topology ${name} is gone`);
  return found;
}

/**
 * Throws UserError, with file and line, where a scenario names what is not there. The runner then runs nothing at all.
 */
function requireKnown(title: string, setup: ScenarioSetup, place: Place): void {
  const at = `${sourceName(currentWorkspace(), place.file)}:${place.line}: "${title}"`;
  const malformed = setupProblem(setup);
  if (malformed !== null) throw new UserError(`${at} ${malformed}`);
  const names = [...registries().mutants, ...registries().tampers].map(({ name }) => name);
  const unknown = [...setup.catches, ...Object.keys(setup.finds ?? {})].find((name) => !names.includes(name));
  const unmeant = setup.needs?.find((need) => !SCENARIO_NEEDS.includes(need));
  const faults = registries().faults.map(({ name }) => name);
  const noFault = setup.faults?.find((name) => !faults.includes(name));
  const variants = registries().dataPlanes.flatMap((plane) => plane.variants);
  const noMode = setup.modes?.find((mode) => !variants.includes(mode));
  const says = (what: string): UserError => new UserError(`${at} names ${what}`);
  if (noMode !== undefined) throw says(`the mode "${noMode}"; ${suggest(noMode, variants)}`);
  if (unmeant !== undefined) throw says(`the need "${unmeant}"; ${suggest(unmeant, SCENARIO_NEEDS)}`);
  if (noFault !== undefined) throw says(`the fault "${noFault}"; ${suggest(noFault, faults)}`);
  if (unknown !== undefined) throw says(`the mutant or tamper "${unknown}"; ${suggest(unknown, names)}`);
  if (setup.topology !== undefined && findTopology(setup.topology, place) === null)
    throw says(
      `the topology ${setup.topology}, which is not in ${topologyFolders(currentWorkspace(), place.file).join(' or ')}`,
    );
}

/**
 * Declares a scenario. It runs against the replicator under test in every variant of the data plane that has what it
 * needs, and as a control against each mutant that it catches, and each tamper: there it must fail, with a reason of
 * theirs.
 */
export function scenario(title: string, setup: ScenarioSetup, body: (trial: Trial) => Promise<void>): void {
  const place = callerOf(scenario);
  requireKnown(title, setup, place);
  const tags = [
    ...(setup.extended === true ? [EXTENDED_TAG] : []),
    ...(setup.minutes === true ? [MINUTES_TAG] : []),
    ...(setup.once === true ? [ONCE_TAG] : []),
  ];
  const demands = demandsOf(setup);
  const { dataPlanes } = registries();
  const controls = [
    ...registries().mutants.map(({ name, modes }) => ({ type: 'mutant' as const, name, modes })),
    ...registries().tampers.map(({ name }) => ({ type: 'tamper' as const, name, modes: undefined })),
  ];
  // Of a data plane that has in no variant what it needs it is run all the same, once, so that it is known to have been
  // skipped.
  declare({ title, place, setup, body, control: null }, [
    SCENARIO_TAG,
    ...tags,
    ...dataPlanes.flatMap((plane) =>
      (fitsSome(demands, plane) ? unfitVariants(demands, plane) : plane.variants.slice(1)).map(tagOf(plane)),
    ),
  ]);
  // Not a project for each control: the runner starts its workers, and with them their testbeds, anew for each project.
  for (const { type, name, modes } of controls)
    declare({ title, place, setup, body, control: { type, name } }, [
      CONTROL_TAG,
      ...(setup.catches.includes(name) ? [DECLARED_TAG] : []),
      ...standInsFor(name, setup.catches).map(coveredByTag),
      ...tags,
      ...dataPlanes.flatMap((plane) => [
        ...unfitVariants(demands, plane).map(tagOf(plane)),
        ...(modes === undefined ? [] : unfitVariants({ modes }, plane).map(tagOf(plane))),
      ]),
    ]);
}

const tagOf =
  ({ kind }: Pick<PlaneTraits, 'kind'>) =>
  (variant: string): string =>
    notInTag({ kind, variant });

interface Declaration {
  readonly title: string;
  readonly place: Place;
  readonly setup: ScenarioSetup;
  readonly body: (trial: Trial) => Promise<void>;
  /** Null in a qualification. */
  readonly control: ControlName | null;
}

/** One test of the runner. */
function declare({ title, place, setup, body, control }: Declaration, tag: string[]): void {
  test(testTitle(title, control), { tag }, async ({ plan: given, mode, testbed }) => {
    const plan = planned(given);
    if (setup.minutes === true) test.setTimeout(MINUTES_MAX);
    else if (setup.slow === true) test.setTimeout(SLOW_MAX);
    const replicator =
      control?.type === 'mutant'
        ? mutantNamed(control.name, registries())
        : replicatorNamed(plan.replicator, registries());
    const folder = join(plan.runFolder, 'evidence', `${slug(title)}--${mode}--${control?.name ?? replicator.name}`);
    const run: Run = { plan, mode, control, replicator, testbed, title, place, setup, folder };
    const phases = startStopwatch();
    const startedAt = performance.now();
    let failure: Error | null = null;
    let came: 'tried' | 'skipped' = 'tried';
    try {
      came = await runOnLab(run, body, phases);
    } catch (error) {
      failure = asError(error);
    }
    const outcome = writeOutcome(run, failure, startedAt, phases.phases());
    // Not passed for the runner either, nor for the pages that it feeds.
    test.skip(came === 'skipped', 'it cannot be tried here');
    if (outcome.type === 'skipped') test.skip(true, failure?.message);
    // A control is meant to break expectations. Everything else that went wrong is ours.
    if (failure !== null && !(control !== null && outcome.type === 'not-held')) throw failure;
  });
}
