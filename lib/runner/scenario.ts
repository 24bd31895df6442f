import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { dieWithParent } from '../agent/sys.js';
import { standInsFor } from '../control/standIns.js';
import type { DataPlane } from '../dataplane/plane.js';
import { dutyOf } from '../profile/duty.js';
import type { Profile } from '../profile/types.js';
import { dataPlaneNamed, mutantNamed, suits, testbedNamed, type Registries } from '../registries.js';
import type { ControlName } from '../run/controlName.js';
import type { RunPlan } from '../run/plan.js';
import { replicatorOf } from '../run/replicatorOf.js';
import { HOLD_VARIABLE } from '../testbed/hold.js';
import type { Testbed } from '../testbed/testbed.js';
import { startStopwatch } from '../trial/stopwatch.js';
import type { Trial } from '../trial/trial.js';
import { callerOf, type Place } from './caller.js';
import { currentPlan, currentWorkspace } from './current.js';
import { fitsSome, isForeign, unfitVariants } from './needs.js';
import { asError, writeOutcome } from './outcomeFile.js';
import { isControlPlanned, isPlanned, variantsOf } from './planned.js';
import { requireKnown } from './requireKnown.js';
import { runOnLab } from './runOnLab.js';
import type { ScenarioRun } from './scenarioRun.js';
import { demandsOf, type ScenarioSetup } from './setup.js';
import { CONTROL_TAG, coveredByTag, DECLARED_TAG, durationTag, ONCE_TAG, SCENARIO_TAG, variantTag } from './tags.js';
import { testTitle } from './testTitle.js';
import { trialLimit } from './trialLimit.js';

/** Set by the runner's configuration, per worker. */
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

export const test = base.extend<object, WorkerFixtures>({
  plan: [null, { option: true, scope: 'worker' }],
  // One agent per worker, a fresh lab per test.
  testbed: [
    async ({ plan }, use) => {
      dieWithParent();
      await using testbed = await testbedNamed(planned(plan).testbed, registries()).open({
        binding: planned(plan).bindingFile ?? null,
        hold: process.env[HOLD_VARIABLE],
        kernel: planned(plan).kernel,
        needs: dataPlaneNamed(planned(plan).dataPlane, registries()).needs,
      });
      await use(testbed);
    },
    { scope: 'worker' },
  ],
});

/** Limit of a scenario of minutes, ms: twice its duration on a machine that is several times slower. */
const MINUTES_MAX = 900_000;

const isPromised = (profile: Profile, { kind, form }: NonNullable<ScenarioSetup['promises']>): boolean =>
  dutyOf(profile, kind, form) === 'replicated';

/**
 * Declares a scenario. It runs against the replicator under test in every variant of the data plane that has what it
 * needs, and as a control against each mutant and tamper that it catches: there it must fail, for one of their reasons.
 */
export function scenario(title: string, setup: ScenarioSetup, body: (trial: Trial) => Promise<void>): void {
  const place = callerOf(scenario);
  requireKnown(title, setup, place);
  const tags = [durationTag(setup.duration ?? 'short'), ...(setup.once === true ? [ONCE_TAG] : [])];
  const demands = demandsOf(setup);
  const plan = currentPlan();
  const underTest = replicatorOf(plan, registries());
  if (setup.controller === true && underTest.controller !== true) return;
  if (setup.promises !== undefined && !isPromised(underTest.profile, setup.promises)) return;
  const { dataPlanes, mutants } = registries();
  const suiting = mutants.filter((mutant) => suits(mutant, underTest));
  const controls = [
    ...suiting.map(({ name, modes }) => ({ type: 'mutant' as const, name, modes })),
    ...registries().tampers.map(({ name }) => ({ type: 'tamper' as const, name, modes: undefined })),
  ];
  // Leaves that the lab builds have scenarios of their own, in which they ask.
  const onlyHere = (plane: DataPlane) =>
    (setup.onlyAsks !== true || plane.isAsFound === true) && !isForeign(demands, plane);
  // If no variant of the data plane has what it needs, it is still run once, so that the report shows it as skipped.
  const tried = [
    SCENARIO_TAG,
    ...tags,
    ...dataPlanes.flatMap((plane) =>
      onlyHere(plane)
        ? (fitsSome(demands, plane) ? unfitVariants(demands, plane) : plane.variants.slice(1)).map(variantTag(plane))
        : plane.variants.map(variantTag(plane)),
    ),
  ];
  for (const mode of variantsOf(plan))
    if (isPlanned(plan, mode, tried)) declare({ title, place, setup, body, control: null, mode }, tried);
  for (const { type, name, modes } of controls) {
    const isDeclared = setup.catches.includes(name);
    const against = [
      CONTROL_TAG,
      ...(isDeclared ? [DECLARED_TAG] : []),
      ...standInsFor(name, setup.catches).map(coveredByTag),
      ...tags,
      ...dataPlanes.flatMap((plane) => [
        ...unfitVariants(demands, plane).map(variantTag(plane)),
        ...(modes === undefined ? [] : unfitVariants({ modes }, plane).map(variantTag(plane))),
      ]),
    ];
    if (isControlPlanned(plan, registries(), { type, name }, isDeclared, against))
      declare({ title, place, setup, body, control: { type, name }, mode: plan.controlMode }, against);
  }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

interface Declaration {
  readonly title: string;
  readonly place: Place;
  readonly setup: ScenarioSetup;
  readonly body: (trial: Trial) => Promise<void>;
  /** Null in a qualification. */
  readonly control: ControlName | null;
  /** Variant of the data plane. */
  readonly mode: string;
}

/** One test of the runner. */
function declare({ title, place, setup, body, control, mode }: Declaration, tag: string[]): void {
  const name = testTitle({ scenario: title, control, mode: control === null ? mode : null });
  test(name, { tag }, async ({ plan: given, testbed }) => {
    const plan = planned(given);
    if (setup.timeoutMs !== undefined) test.setTimeout(setup.timeoutMs);
    else if (setup.duration === 'minutes') test.setTimeout(MINUTES_MAX);
    const replicator =
      control?.type === 'mutant' ? mutantNamed(control.name, registries()) : replicatorOf(plan, registries());
    const folder = join(plan.runFolder, 'evidence', `${slug(title)}--${mode}--${control?.name ?? replicator.name}`);
    const run: ScenarioRun = { plan, mode, control, replicator, testbed, title, place, setup, folder };
    const phases = startStopwatch();
    const startedAt = performance.now();
    let failure: Error | null = null;
    let came: 'tried' | 'skipped' = 'tried';
    try {
      came = await runOnLab(run, body, phases, ({ nodes }) => {
        test.setTimeout(trialLimit(nodes, test.info().timeout));
      });
    } catch (error) {
      failure = asError(error);
    }
    const outcome = writeOutcome(run, failure, startedAt, phases.phases());
    // Not passed for the runner either, nor for the reports that it feeds.
    test.skip(came === 'skipped', 'it cannot be tried here');
    if (outcome.type === 'skipped') test.skip(true, failure?.message);
    // A control is meant to break expectations. Everything else that went wrong is ours.
    if (failure !== null && !(control !== null && outcome.type === 'not-held')) throw failure;
  });
}
