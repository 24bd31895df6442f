import { experimentName } from '../nightly/signatures.js';
import { reasonsAgainst } from '../run/machinesRecord.js';
import { reasonsInInventory } from '../inventory/inventory.js';
import { controlRows } from '../run/controls.js';
import { stableJson } from '../evidence/json.js';
import type { CoverageRow } from './coverage.js';
import type { JudgedTrial, QualifiedRun } from './judged.js';
import { demandedDigest, isBuiltIn } from './profiles.js';
import type { Requirement } from './requirements.js';
import { waiverText, whyInvalid, type Waiver } from './waivers.js';

/** What speaks against a qualification, and what should be known of it; sentences. */
export interface Decision {
  /** Empty = qualified. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Ms; the clocks of two machines differ by less, or one of them is wrong. */
export const CLOCK_SLACK_MS = 300_000;

function oneLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim();
}

/** What speaks against one run, whatever its verdict is called. */
function against(run: QualifiedRun, judged: readonly JudgedTrial[], createdAt: Date): readonly string[] {
  const { report, plan, record, machines } = run;
  const { controls } = report;
  const problems: string[] = [];
  const say = (text: string): void => void problems.push(`${run.folder}: ${text}`);
  if (record.status !== 'passed' && record.status !== 'failed')
    say(`the run was cut short, the runner says: ${record.status}`);
  for (const error of record.errors) say(`the runner broke: ${oneLine(error)}`);
  if (machines !== null) for (const reason of reasonsAgainst(machines)) say(reason);
  else if (plan.bindingFile !== undefined)
    say('the machines of its binding were not compared with how they were before it');
  for (const reason of reasonsInInventory(run.inventory)) say(reason);
  const environments = new Set(Object.values(run.manifests).map(({ environment }) => stableJson(environment)));
  if (environments.size > 1) say('its machines changed while it ran: experiments name different programs or kernels');
  for (const name of controls.survivors) say(`${name} survived: this lab would not notice it`);
  for (const name of controls.undecided) say(`whether ${name} is noticed could not be judged`);
  for (const scenario of controls.unproven) say(`nothing shows that this scenario can fail: ${scenario}`);
  if (!controlRows(controls).some(({ fate }) => fate === 'caught'))
    say('no control was caught, so nothing shows that this run would have noticed anything');
  for (const { intent, verdict, id } of report.experiments)
    if (intent.type === 'control' && verdict === 'blocked') say(`a control broke: ${id}`);
  for (const { name, verdict, trial, open } of judged)
    if (verdict === 'fail' || verdict === 'inconclusive' || verdict === 'blocked')
      say(
        `${name}: ${verdict}${open.length === 0 ? '' : `, with ${open.join(', ')}`}: ${oneLine(trial.reasons[0] ?? 'without a reason')}`,
      );
  if (!judged.some(({ verdict }) => verdict === 'pass')) say('nothing passed in it');
  const end = Date.parse(report.startedAt) + report.durationMs;
  if (Number.isNaN(end)) say('it does not say when it was made');
  else if (end > createdAt.getTime() + CLOCK_SLACK_MS)
    say(`it ended at ${new Date(end).toISOString()}, after this statement was made`);
  // Nothing else is known to speak against a run; were there something, it must not be lost here.
  const isExplained = report.verdict === 'fail' && judged.some(({ verdict }) => verdict === 'waived');
  if (report.verdict !== 'pass' && !isExplained && problems.length === 0)
    say(`the run as a whole is ${report.verdict}: ${report.sentence}`);
  return problems;
}

/** What speaks against taking these runs together. */
function betweenRuns(runs: readonly QualifiedRun[]): readonly string[] {
  const [first] = runs;
  if (first === undefined) return ['there is no run'];
  return runs.flatMap((run, i) => {
    const same = runs.find(
      (other, k) => k < i && (other.evidence === run.evidence || other.report.run === run.report.run),
    );
    const digest = (one: QualifiedRun): string | undefined => one.plan.inputs?.['replicator'];
    return [
      ...(same === undefined ? [] : [`${same.folder} and ${run.folder} are the same run`]),
      ...(run.report.replicator === first.report.replicator && digest(run) === digest(first)
        ? []
        : [`${first.folder} and ${run.folder} are of different replicators`]),
    ];
  });
}

/** A profile that owes little lets much pass: who wants one that is not built in must have said so. */
function profileProblems(judged: readonly JudgedTrial[], requirements: readonly Requirement[]): readonly string[] {
  const demanded = new Set(requirements.map(({ profile }) => (profile === undefined ? null : demandedDigest(profile))));
  const others = judged.flatMap(({ run, profile }) =>
    profile === null || isBuiltIn(profile) || demanded.has(profile.digest)
      ? []
      : [
          `${run}: it was judged by the profile ${profile.name} (${profile.digest}), which is none of those that everyleaf brings, and no requirement demands it`,
        ],
  );
  return [...new Set(others)];
}

function cellText({ requirement, dataplane, leaf, kind, scenarios, verdict }: CoverageRow): string {
  const where = [dataplane, leaf, kind].filter((text) => text !== '').join(', ');
  return `requirement ${requirement} (${where}): ${verdict === 'nothing' ? `nothing shows it (${scenarios})` : verdict}`;
}

/**
 * Whether runs qualify what was tried: every reason against it is found anew, from what the evidence says.
 * @param createdAt when the statement was made, as its signer says
 */
export function decide({
  runs,
  judged,
  requirements,
  coverage,
  waivers,
  createdAt,
}: {
  readonly runs: readonly QualifiedRun[];
  readonly judged: readonly JudgedTrial[];
  readonly requirements: readonly Requirement[];
  readonly coverage: readonly CoverageRow[];
  readonly waivers: readonly Waiver[];
  readonly createdAt: Date;
}): Decision {
  const day = createdAt.toISOString().slice(0, 10);
  const invalid = waivers.flatMap((waiver) => {
    const why = whyInvalid(waiver, day);
    return why === null
      ? []
      : [`a waiver does not count: ${waiver.signature} of "${waiver.test}": ${why} (${waiverText(waiver)})`];
  });
  const used = new Set(judged.flatMap((one) => one.used));
  const unused = waivers.filter((waiver) => whyInvalid(waiver, day) === null && !used.has(waiver));
  const rows = coverage.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'waived');
  const problems = [
    ...betweenRuns(runs),
    ...runs.flatMap((run) =>
      against(
        run,
        judged.filter((one) => one.run === run.folder),
        createdAt,
      ),
    ),
    ...profileProblems(judged, requirements),
    ...(coverage.length === 0 ? ['there is no requirement'] : []),
    ...rows.map(cellText),
    ...invalid,
  ];
  const notes = [
    ...[...used].map((waiver) => `waived: ${waiver.signature} of "${waiver.test}" (${waiverText(waiver)})`),
    ...unused.map((waiver) => `no run needs this waiver, remove it: ${waiver.signature} of "${waiver.test}"`),
    ...runs.flatMap(({ folder, plan, report }) => [
      ...(plan.inputs?.['commit'] === undefined ? [`${folder}: of which commit the scenarios were is not known`] : []),
      ...(plan.inputs?.['commit']?.includes(' and changes ') === true
        ? [`${folder}: the scenarios were those of commit ${plan.inputs['commit']}`]
        : []),
      ...report.experiments
        .filter(({ verdict, intent }) => verdict === 'skipped' && intent.type === 'qualify')
        .map((one) => `${folder}: ${experimentName(one)} was skipped`),
    ]),
  ];
  return { problems, notes };
}
