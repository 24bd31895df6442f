import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeEvidence } from '../evidence/judge.js';
import { planeName, type PlaneTraits } from '../dataplane/traits.js';
import { OLDER_KIND, olderPlane } from '../evidence/older.js';
import { MANIFEST_FILE, readEvidence } from '../evidence/read.js';
import type { EvidenceManifest, SkipEntry } from '../evidence/types.js';
import { createSkewHistogram } from '../judge/rules/skew.js';
import { added, NO_COUNTS } from '../judge/tell/totals.js';
import type { Counts, Judgement, Skew, Verdict } from '../judge/types.js';
import { worstOf } from '../judge/tell/verdict.js';
import { DEFAULTS } from '../defaults.js';
import type { TrialRecord, RunReport } from './result.js';
import type { KindId } from '../wire/kinds.js';
import { UserError } from '../userError.js';
import { controlOf, intentOf, type ControlName } from './controlName.js';
import { controlReasons } from './controlReasons.js';
import { controlsTable } from './controls.js';
import { OUTCOME_FILE, parseOutcome, type TrialOutcome } from './outcome.js';
import { isLong, plannedControl, type KeptPlan } from './plan.js';
import { MACHINES_FILE, reasonsAgainst, type MachinesRecord } from './machinesRecord.js';
import { isMissingPart, shardText } from './shard.js';
import { sentenceOf } from './sentence.js';
import { EVIDENCE_FOLDER, PLAN_FILE, TESTS_FILE, type TestRecord, type TestsRecord } from './testRecord.js';

/** Reasons of a run before it only counts them. */
const REASONS_SHOWN = 30;

/** Whether a folder holds the evidence of a whole run. */
export function isRunEvidence(folder: string): boolean {
  return existsSync(join(folder, PLAN_FILE));
}

function readJson(file: string): unknown {
  return readFrom(file, (text) => JSON.parse(text) as unknown);
}

function readFrom<T>(file: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
      'the evidence of a run holds plan.json, tests.json and a folder per experiment',
    );
  }
}

interface Experiment {
  readonly result: TrialRecord;
  readonly manifest: EvidenceManifest | null;
  readonly phases: TrialOutcome['phases'];
  readonly skips: readonly SkipEntry[];
}

function projectOf({ intent, plane, dataplane }: Pick<TrialRecord, 'intent' | 'plane' | 'dataplane'>): string {
  const control = controlOf(intent);
  return control === null ? (plane?.variant ?? dataplane) : `control ${control.name}`;
}

function cannotBeTried({ what, command, output }: SkipEntry): string {
  return `It cannot be tried here, without ${what}: "${command}" said: ${output}`;
}

/** The judge's verdict, combined with what the scenario itself demanded. */
export function verdictOf(
  outcome: Pick<TrialOutcome, 'outcome'>,
  judgement: Pick<Judgement, 'verdict' | 'reasons'> | null,
): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const { outcome: own } = outcome;
  if (own.type === 'skipped') return { verdict: 'skipped', reasons: own.lacks.map(cannotBeTried) };
  if (own.type === 'broke') return { verdict: 'blocked', reasons: [own.message.split('\n')[0] ?? 'it broke'] };
  if (judgement === null) return { verdict: 'blocked', reasons: ['it left no evidence'] };
  if (own.type === 'held' || judgement.verdict !== 'pass')
    return { verdict: judgement.verdict, reasons: judgement.reasons };
  const reasons = [own.message.split('\n')[0] ?? own.message];
  // A stimulus that did not work shows nothing about the replicator.
  return { verdict: own.about === 'stimulus' ? 'inconclusive' : 'fail', reasons };
}

function readExperiment(folder: string, id: string): Experiment | null {
  const path = join(folder, id);
  if (!existsSync(join(path, OUTCOME_FILE))) return null;
  const outcome = readFrom(join(path, OUTCOME_FILE), parseOutcome);
  const evidence = existsSync(join(path, MANIFEST_FILE)) ? readEvidence(path) : null;
  const judgement = evidence === null ? null : judgeEvidence(evidence);
  const { scenario, source, dataplane, replicator, intent, durationMs } = outcome;
  return {
    manifest: evidence?.manifest ?? null,
    phases: outcome.phases,
    skips: outcome.outcome.type === 'skipped' ? outcome.outcome.lacks : (evidence?.manifest.skips ?? []),
    result: {
      id,
      scenario,
      source,
      dataplane,
      plane: outcome.plane ?? evidence?.manifest.plane ?? olderPlane(dataplane),
      replicator,
      intent,
      durationMs,
      judgement,
      ...(outcome.mustShow === undefined ? {} : { mustShow: outcome.mustShow }),
      ...verdictOf(outcome, judgement),
      error: outcome.outcome.type === 'broke' ? outcome.outcome.message : null,
    },
  };
}

/** A planned test that left no outcome: killed, timed out without a trace, or never begun. */
function lost(test: TestRecord, plan: KeptPlan): TrialRecord {
  const name = /^control (.*)$/.exec(test.project)?.[1];
  const isTamper = plan.tampers?.some((tamper) => tamper.name === name) === true;
  const control: ControlName | null = name === undefined ? null : { type: isTamper ? 'tamper' : 'mutant', name };
  const why = test.error ?? (test.status === 'never-ran' ? 'it never ran' : `the runner says: ${test.status}`);
  return {
    id: `lost: ${test.project}: ${test.scenario}`,
    scenario: test.scenario,
    source: 'unknown',
    dataplane: planeName({
      kind: plan.dataPlane ?? OLDER_KIND,
      variant: control === null ? test.project : plan.controlMode,
    }),
    plane: null,
    replicator: control?.type === 'mutant' ? control.name : plan.replicator,
    intent: intentOf(control),
    verdict: 'blocked',
    reasons: [why.split('\n')[0] ?? why],
    judgement: null,
    durationMs: 0,
    error: why,
  };
}

function addKinds(judgements: readonly Judgement[]): RunReport['kinds'] {
  const kinds: Partial<Record<KindId, Counts>> = {};
  for (const judgement of judgements) {
    for (const [kind, counts] of Object.entries(judgement.kinds) as [KindId, Counts][])
      kinds[kind] = added(kinds[kind] ?? NO_COUNTS, counts);
  }
  return kinds;
}

function addPhases(experiments: readonly Experiment[]): RunReport['phases'] {
  const sums = new Map<string, number>();
  for (const { phases } of experiments) for (const { name, ms } of phases) sums.set(name, (sums.get(name) ?? 0) + ms);
  return [...sums].map(([name, ms]) => ({ name, ms: Math.round(ms) }));
}

/** How well the times of these judgements can be compared: as in the one with the worst clocks. */
function withError(skew: Skew | null, judgements: readonly Judgement[]): Skew | null {
  const errorNs = Math.max(0, ...judgements.map((judgement) => judgement.skew?.errorNs ?? 0));
  return skew === null || errorNs === 0 ? skew : { ...skew, errorNs };
}

/** Evidence on the wiring that most experiments use: some scenarios bring their own. */
function usual(experiments: readonly Experiment[]): EvidenceManifest | null {
  const manifests = experiments.flatMap(({ manifest }) => (manifest === null ? [] : [manifest]));
  const times = new Map<string, number>();
  for (const { topology } of manifests) times.set(topology.name, (times.get(topology.name) ?? 0) + 1);
  const most = Math.max(...times.values());
  return manifests.find(({ topology }) => times.get(topology.name) === most) ?? null;
}

/** The data plane in the variant in which controls were made. */
function planeIn(found: readonly Experiment[], plan: KeptPlan): PlaneTraits | null {
  const kind = plan.dataPlane ?? OLDER_KIND;
  const seen = found.find(({ result: { plane } }) => plane?.kind === kind && plane.variant === plan.controlMode);
  return seen?.result.plane ?? olderPlane(planeName({ kind, variant: plan.controlMode }));
}

/** What was wrong outside of any test. What `merge` found missing is said in its own words. */
function brokeText(error: string): string {
  return isMissingPart(error) ? error : `the runner broke: ${error}`;
}

/** Verdicts that are reasons against a run of which something was tried. */
const WRONG: readonly Verdict[] = ['fail', 'inconclusive', 'blocked'];

/** Sentences of all experiments with these verdicts, each with its data planes. */
function allReasons(verdicts: readonly Verdict[], experiments: readonly TrialRecord[]): readonly string[] {
  const where = new Map<string, Set<string>>();
  for (const { verdict, reasons, dataplane } of experiments) {
    if (!verdicts.includes(verdict)) continue;
    for (const reason of reasons) where.set(reason, (where.get(reason) ?? new Set()).add(dataplane));
  }
  const lines = [...where].map(([reason, planes]) => `${[...planes].join(', ')}: ${reason}`);
  return lines.length <= REASONS_SHOWN
    ? lines
    : [...lines.slice(0, REASONS_SHOWN), `and ${lines.length - REASONS_SHOWN} more`];
}

/**
 * A whole run from its evidence folder alone: every experiment is judged again. The same folder gives the same report,
 * on any machine. Throws UserError when the folder is no evidence of a run.
 */
export function aggregateRun(evidenceFolder: string): RunReport {
  const plan = readJson(join(evidenceFolder, PLAN_FILE)) as KeptPlan;
  // Whether its controls were caught is known only where all of them are together.
  if (plan.shard !== undefined)
    throw new UserError(
      `${evidenceFolder} holds shard ${shardText(plan.shard)} of a run, which has no verdict of its own`,
      'everyleaf merge OUT FOLDER... unites all of them and judges',
    );
  const record = readJson(join(evidenceFolder, TESTS_FILE)) as TestsRecord;
  const machines = existsSync(join(evidenceFolder, MACHINES_FILE))
    ? reasonsAgainst(readJson(join(evidenceFolder, MACHINES_FILE)) as MachinesRecord)
    : [];
  const ids = readdirSync(evidenceFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const found = ids.map((id) => readExperiment(evidenceFolder, id)).filter((one) => one !== null);
  const known = new Set(found.map(({ result }) => `${projectOf(result)}\n${result.scenario}`));
  const missing = record.tests
    .filter((test) => !known.has(`${test.project}\n${test.scenario}`))
    .map((test) => lost(test, plan));
  const experiments = [...found.map(({ result }) => result), ...missing];
  const qualify = experiments.filter((one) => one.intent.type === 'qualify');
  const judgements = qualify.map((one) => one.judgement).filter((one) => one !== null);
  const controls = controlsTable(experiments, {
    mutants: plan.mutants ?? DEFAULTS.mutants.map(plannedControl),
    tampers: plan.tampers ?? [],
    declared: plan.controls === 'declared' || plan.controls === 'tampers',
    complete:
      plan.mutants !== undefined &&
      plan.controls !== 'none' &&
      isLong(plan) &&
      plan.scenarios.length === 0 &&
      planeIn(found, plan)?.lacp === true,
  });
  const first = usual(found.filter(({ result }) => result.intent.type === 'qualify')) ?? usual(found);
  const skews = createSkewHistogram();
  for (const delivery of judgements.flatMap((judgement) => judgement.deliveries))
    if (delivery.skewNs !== null) skews.add(delivery.skewNs);
  const ownVerdict = qualify.length === 0 ? 'skipped' : worstOf(qualify.map((one) => one.verdict));
  const brokenControls = experiments.filter((one) => one.intent.type === 'control' && one.verdict === 'blocked');
  const verdict = worstOf([
    ownVerdict,
    ...(controls.survivors.length > 0 ? (['fail'] as const) : []),
    // A pass claims that this lab would have noticed. Where nothing shows that, the result is unknown.
    // Where a part of the run is missing, that is why, and it is blocked.
    ...(controls.undecided.length + controls.unproven.length > 0 && !record.errors.some(isMissingPart)
      ? (['inconclusive'] as const)
      : []),
    ...(brokenControls.length > 0 ? (['blocked'] as const) : []),
    ...(machines.length > 0 ? (['blocked'] as const) : []),
    ...(record.status === 'interrupted' || record.status === 'running' || record.errors.length > 0
      ? (['blocked'] as const)
      : []),
  ]);
  const reasons = [
    ...machines,
    ...record.errors.map((error) => brokeText(error.split('\n')[0] ?? error)),
    ...allReasons(verdict === 'skipped' ? ['skipped'] : WRONG, qualify),
    ...controlReasons(controls, brokenControls, plan.controls !== 'none'),
  ];
  const report: Omit<RunReport, 'sentence'> = {
    schema: 1,
    run: plan.run,
    verdict,
    reasons,
    testbed: first?.testbed ?? 'netns',
    topology: first?.topology.name ?? 'unknown',
    replicator: first?.intent.type === 'qualify' ? first.replicator : plan.replicator,
    profile: first?.profile.name ?? 'unknown',
    leaves: first?.topology.leaves.map((leaf) => leaf.name) ?? [],
    totals: judgements.map((judgement) => judgement.totals).reduce(added<Counts>, NO_COUNTS),
    kinds: addKinds(judgements),
    skew: withError(skews.result(), judgements),
    experiments,
    controls,
    skips: found.flatMap(({ skips }) => skips),
    environment: plan.environment,
    command: plan.command,
    startedAt: plan.startedAt,
    durationMs: record.durationMs,
    phases: addPhases(found),
    evidence: EVIDENCE_FOLDER,
    folder: plan.runFolder,
  };
  return { ...report, sentence: sentenceOf(report) };
}
