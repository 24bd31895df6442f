import { groupBy } from '../groupBy.js';
import type { Delivery } from '../judge/types.js';
import type { ReportDetails } from '../report/details.js';
import { controlRows } from '../run/controls.js';
import type { RunReport, TrialRecord } from '../run/result.js';
import { firstFailure } from './firstFailure.js';
import type { CellState, MatrixCell } from './types.js';

const STATES: Readonly<Record<RunReport['verdict'], CellState>> = {
  pass: 'holds',
  fail: 'fails',
  inconclusive: 'inconclusive',
  blocked: 'blocked',
  skipped: 'not-here',
};

const isMiss = ({ duty, verdict, leaves }: Delivery): boolean =>
  duty === 'replicated' && verdict === 'fail' && Object.values(leaves).some(({ outcome }) => outcome === 'missing');

/** A host without a replicator has failed as it must: a neighbor frame is missing, or data is doubled where all is sent on every leg. */
const showsWhy = ({ judgement, plane }: TrialRecord): boolean =>
  judgement?.deliveries.some(isMiss) === true ||
  (plane?.sendsOnEveryLeg === true &&
    judgement?.findings.some(({ signature }) => signature === 'data-replicated') === true);

const titles = (experiments: readonly TrialRecord[]): readonly string[] => [
  ...new Set(experiments.map(({ scenario }) => scenario)),
];

function skippedTexts(experiments: readonly TrialRecord[]): readonly string[] {
  const why = groupBy(experiments, ({ reasons }) => reasons[0] ?? 'no reason was given');
  return [...why].map(([reason, some]) => `${titles(some).join('; ')}: ${reason}`);
}

/** What a run says of its pair, as the run was judged: nothing is judged here. */
export type CellResult = Pick<
  MatrixCell,
  'state' | 'sentence' | 'tried' | 'skipped' | 'frames' | 'controls' | 'misses' | 'first' | 'topology' | 'durationMs'
>;

/**
 * The cell of a run.
 *
 * @param elsewhere what to say where this machine lacks something: the testbeds that may have it
 */
export function cellOf(run: RunReport, details: ReportDetails, elsewhere: string): CellResult {
  const qualify = run.experiments.filter(({ intent }) => intent.type === 'qualify');
  const skipped = qualify.filter(({ verdict }) => verdict === 'skipped');
  const tried = qualify.filter(({ verdict }) => verdict !== 'skipped');
  const failing = tried.filter(({ verdict }) => verdict === 'fail');
  const rows = controlRows(run.controls);
  const controls = { tried: rows.length, noticed: rows.filter(({ fate }) => fate === 'caught').length };
  const state = STATES[run.verdict];
  const [reason = run.sentence] = run.reasons;
  const sentence =
    state === 'holds'
      ? `${run.totals.delivered} of ${run.totals.probes} neighbor frames were on every leaf exactly once; ${controls.noticed} of ${controls.tried} controls noticed`
      : state === 'not-here'
        ? `${reason.replace(/\.$/, '')}. ${elsewhere}`
        : reason;
  return {
    state,
    sentence,
    tried: titles(tried),
    skipped: skippedTexts(skipped),
    frames: { due: run.totals.probes, delivered: run.totals.delivered },
    controls,
    misses: failing.some(showsWhy),
    first: state === 'fails' ? firstFailure(failing, details, run.evidence) : null,
    topology: run.topology,
    durationMs: run.durationMs,
  };
}
