import type { Finding, Judgement } from '../judge/types.js';
import { controlRows } from '../run/controls.js';
import type { RunReport, TrialRecord } from '../run/result.js';
import type { NightTest } from './night.js';

/** The sort of a test that the run planned and that never ran. */
export const NOT_RUN = 'not-run';

/** `P1.missing@leaf-b:na-solicited`: what was found where, without the figures, which differ from night to night. */
export function signatureOf({ property, signature, leaf, kind }: Finding): string {
  return `${property}.${signature}${leaf === undefined ? '' : `@${leaf}`}${kind === undefined ? '' : `:${kind}`}`;
}

/** A sentence without its figures. */
function withoutFigures(text: string): string {
  return (text.split('\n')[0] ?? '').replaceAll(/\d+/g, '#').trim().slice(0, 160);
}

function sortedOnce(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** Why one experiment is no pass. Never empty unless it passed or was skipped: what has no name cannot be excused. */
function signaturesOf({ id, verdict, judgement, reasons, error }: TrialRecord): readonly string[] {
  if (verdict === 'pass' || verdict === 'skipped') return [];
  const said = withoutFigures(error ?? reasons[0] ?? verdict);
  if (id.startsWith('lost: ')) return [`${NOT_RUN}: ${said}`];
  const found = (judgement?.findings ?? []).filter((finding) => finding.verdict === verdict).map(signatureOf);
  return found.length > 0 && error === null ? sortedOnce(found) : sortedOnce([...found, `${verdict}: ${said}`]);
}

/** What the captures of an experiment could not carry. */
export function notJudgedIn(judgement: Judgement | null): readonly string[] {
  const claims = Object.entries(judgement?.claims?.notJudged ?? {}).flatMap(([leaf, why]) =>
    Object.keys(why).map((claim) => `${claim}@${leaf}`),
  );
  const cells = Object.entries(judgement?.matrix ?? {}).flatMap(([kind, leaves]) =>
    Object.entries(leaves).flatMap(([leaf, { notJudged = 0, partlyJudged = 0 }]) => [
      ...(notJudged > 0 ? [`${kind}@${leaf}`] : []),
      ...(partlyJudged > 0 ? [`a part of ${kind}@${leaf}`] : []),
    ]),
  );
  return sortedOnce([...claims, ...cells]);
}

/** What JUnit and the history call an experiment. */
export function experimentName({ scenario, dataplane }: Pick<TrialRecord, 'scenario' | 'dataplane'>): string {
  return `${scenario} [${dataplane}]`;
}

/** What they call a mutant or a tamper. */
export function controlTestName({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type} ${name} is caught`;
}

/** What they call the proof that a scenario can fail. */
export function proofName(scenario: string): string {
  return `${scenario} can fail`;
}

/** Every test of a run: its experiments, its controls, and whether each scenario was shown to be able to fail. */
export function testsOfRun(run: RunReport): Readonly<Record<string, NightTest>> {
  const test = (
    name: string,
    verdict: NightTest['verdict'],
    ms: number,
    signatures: readonly string[] = [],
    notJudged: readonly string[] = [],
  ): readonly [string, NightTest] => [name, { verdict, ms: Math.round(ms), signatures, notJudged }];
  const tried = run.experiments.filter(({ intent }) => intent.type === 'qualify');
  return Object.fromEntries([
    ...tried.map((one) =>
      test(experimentName(one), one.verdict, one.durationMs, signaturesOf(one), notJudgedIn(one.judgement)),
    ),
    ...controlRows(run.controls).map((row) =>
      row.fate === 'caught'
        ? test(controlTestName(row), 'pass', 0)
        : test(controlTestName(row), row.fate === 'survived' ? 'fail' : 'inconclusive', 0, [
            row.fate === 'survived' ? 'control.survived' : 'control.undecided',
          ]),
    ),
    ...run.controls.scenarios.map((scenario) =>
      run.controls.unproven.includes(scenario)
        ? test(proofName(scenario), 'inconclusive', 0, ['control.unproven'])
        : test(proofName(scenario), 'pass', 0),
    ),
  ]);
}

/** `blocked: ` and what was said, for what concerns the run as a whole. */
export function wholeRunSignature(verdict: string, reason: string): string {
  return `${verdict}: ${withoutFigures(reason)}`;
}
