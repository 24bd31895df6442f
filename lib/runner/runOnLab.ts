import { loadTopology } from '../run/loadTopology.js';
import { DURATIONS } from '../durations.js';
import type { startStopwatch } from '../trial/stopwatch.js';
import { tamperWith } from '../control/tamper/apply.js';
import { dataPlaneNamed, mutantNamed, tamperNamed, type Registries } from '../registries.js';
import { installRestartable } from '../replicator/restartable.js';
import { intentOf, type ControlName } from '../run/controlName.js';
import { LackError } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import { expect } from '../trial/matchers.js';
import { unlessNever } from '../until.js';
import type { Topology } from '../topology/model.js';
import { TopologyError } from '../topology/problem.js';
import { faultNamed } from '../fault/find.js';
import { keepAway } from '../trial/extensions/arrivals.js';
import { openTrial, type Trial } from '../trial/trial.js';
import { labNeeds, lacksOf } from './needs.js';
import { currentWorkspace } from './current.js';
import { secondHostFor, withSecondWanted } from './secondHost.js';
import { asError } from './outcomeFile.js';
import type { ScenarioRun } from './scenarioRun.js';
import { demandsOf } from './setup.js';
import { topologyFile } from './topologyFile.js';

const registries = (): Registries => currentWorkspace().registries;

/** The first of these lines, and how many more there are. */
function firstOf([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} (and ${more.length} more like it)`;
}

/**
 * The scenario's own wiring, or the run's. Throws LackError where the data plane does not support the scenario's own.
 */
async function wiringOf({ setup, plan, place, mode }: ScenarioRun): Promise<Topology> {
  const choice = { kind: plan.dataPlane, variant: mode };
  if (setup.topology === undefined) return loadTopology(plan.topologyFile, registries().dataPlanes, choice);
  if (dataPlaneNamed(plan.dataPlane, registries()).isAsFound === true)
    throw new LackError([
      {
        what: `the wiring of ${setup.topology}`,
        command: 'everyleaf run --binding FILE',
        output: 'host and leaves are installed: their wiring is that of the binding',
      },
    ]);
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

/**
 * One scenario on one fresh lab. Throws what the body threw, when the evidence has been written.
 * @param onWired is told of the lab as soon as it stands
 */
export async function runOnLab(
  run: ScenarioRun,
  body: (trial: Trial) => Promise<void>,
  phases: ReturnType<typeof startStopwatch>,
  onWired: (lab: Lab) => void,
): Promise<'tried' | 'skipped'> {
  const dataPlane = dataPlaneNamed(run.plan.dataPlane, registries());
  const topology = withSecondWanted(await wiringOf(run), run.setup.secondHost === true, dataPlane);
  const demands = demandsOf(run.setup);
  const lacks = lacksOf(demands, dataPlane, topology);
  if (lacks.length > 0) throw new LackError(lacks);
  const faults = (run.setup.faults ?? []).map((name) => faultNamed(name, registries().faults));
  // What only asks needs nobody who sends.
  const sends = ({ needs: all }: typeof dataPlane) => ({ needs: all.filter((need) => need !== 'inject:leg') });
  const needs = labNeeds(demands, run.setup.onlyAsks === true ? sends(dataPlane) : dataPlane, faults);
  await using lab = await phases.time('lab wired', () =>
    run.testbed.open({ topology, needs, mayLoseAll: run.setup.allLegsDie === true }),
  );
  onWired(lab);
  const plane = await phases.time('switches up', () => dataPlane.bringUp(lab, run.mode));
  const { vmsArrive, vmsMoveIn } = run.setup;
  // A phase that is none is not told.
  await using second =
    run.setup.secondHost === true ? await phases.time('second host up', () => secondHostFor(run, lab, plane)) : null;
  const absent =
    vmsArrive === true || vmsMoveIn === true
      ? await phases.time('VMs kept away', () => keepAway(lab, plane, { elsewhere: vmsMoveIn === true }))
      : null;
  await using installed = await phases.time('replicator installed', () =>
    installRestartable(run.replicator, { lab, plane }),
  );
  // After the replicator is ready: what goes wrong then is the tamper's doing.
  const { control } = run;
  const tamper = control?.type === 'tamper' ? tamperNamed(control.name, registries()) : null;
  const lack = tamper === null ? null : await phases.time('tamper in force', () => tamperWith(lab, tamper));
  // Controls that lose copies need no wait.
  const isPatient = control === null || actsLate(control);
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
    // In one bond mode only: late repeats are the same in each.
    lingers: isPatient && run.setup.lingers === true && run.mode === run.plan.controlMode,
    answerMs: isPatient ? DURATIONS.neighborAnswer : DURATIONS.neighborAnswerLost,
    ...(absent === null ? {} : { absent }),
    ...(second === null ? {} : { secondHost: second }),
    ...(vmsMoveIn === true ? { movesIn: true } : {}),
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

function actsLate(control: ControlName): boolean {
  const made =
    control.type === 'mutant' ? mutantNamed(control.name, registries()) : tamperNamed(control.name, registries());
  return made.actsLate === true;
}
