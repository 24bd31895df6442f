import { explainDifferences, framesOfDeliveries, type FramesByLeaf } from '../production/explain.js';
import { some } from '../judge/tell/phrasing.js';
import type { Judgement, Verdict } from '../judge/types.js';
import type { Profile } from '../profile/types.js';
import { renderReport } from '../report/html/renderReport.js';
import type { RunReport, TrialRecord } from '../run/result.js';
import { timeText, summarySentence } from './lines.js';
import { sumJudgements } from './sumJudgements.js';
import { verdictOf, type WatchSummary } from './summary.js';
import type { JudgedWindow } from './windows.js';

export interface WatchReport {
  /** Keeps of a closed window what the page shows. To be called while its frames are still there. */
  add(window: JudgedWindow): Promise<void>;
  /** The page so far. */
  page(summary: WatchSummary): string;
}

export interface WatchReportInput {
  readonly captures: readonly { readonly leaf: string; readonly file: string }[];
  readonly profile: Profile;
  readonly command: string;
  readonly started: Date;
}

/** Windows that are shown one by one: the first of those that are no pass, and the latest. Others are added up. */
const FIRST_SHOWN = 20;
const LATEST_SHOWN = 20;

interface Shown {
  readonly record: TrialRecord;
  readonly frames: FramesByLeaf;
}

/** A watch as the page of a run shows it: an experiment for each window that was no pass, and one for all others. */
export function createWatchReport({ captures, profile, command, started }: WatchReportInput): WatchReport {
  const source = captures.map(({ file }) => file).join(', ');
  const first: Shown[] = [];
  let latest: Shown[] = [];
  const sums = new Map<Verdict, { readonly judgement: Judgement; readonly windows: number }>();
  let shown = 0;

  const recordOf = (id: string, scenario: string, verdict: Verdict, judgement: Judgement): TrialRecord => ({
    id,
    scenario,
    source,
    dataplane: 'unknown',
    plane: null,
    replicator: 'unknown',
    intent: { type: 'qualify' },
    verdict,
    reasons: judgement.reasons,
    judgement,
    durationMs: Number((BigInt(judgement.window.toNs) - BigInt(judgement.window.fromNs)) / 1_000_000n),
    error: null,
  });

  function addSum(verdict: Verdict, judgement: Judgement, windows = 1): void {
    const known = sums.get(verdict);
    const next = known === undefined ? { ...judgement, deliveries: [] } : sumJudgements(known.judgement, judgement);
    sums.set(verdict, { judgement: next, windows: (known?.windows ?? 0) + windows });
  }

  return {
    async add({ judged, verdict, isQuiet, span }) {
      if (verdict === 'pass' || isQuiet) {
        addSum(isQuiet ? 'skipped' : 'pass', judged.judgement);
        return;
      }
      const frames = await framesOfDeliveries(judged.judgement, judged.captures, true);
      const judgement = explainDifferences(judged.judgement, frames);
      const record = recordOf(
        `window-${++shown}`,
        span === null ? 'time that was not judged' : `${timeText(span.fromNs)} to ${timeText(span.toNs)}`,
        verdict,
        judgement,
      );
      if (first.length < FIRST_SHOWN) {
        first.push({ record, frames });
        return;
      }
      latest.push({ record, frames });
      for (const { record: old } of latest.slice(0, -LATEST_SHOWN))
        if (old.judgement !== null) addSum(old.verdict, old.judgement);
      latest = latest.slice(-LATEST_SHOWN);
    },
    page(summary) {
      const all = [...first, ...latest];
      const summed = [...sums].map(([verdict, { judgement, windows }]) =>
        recordOf(
          `others-${verdict}`,
          verdict === 'skipped'
            ? `${some(windows, 'window')} in which no host sent a neighbor frame`
            : some(windows, 'further window'),
          verdict,
          judgement,
        ),
      );
      const leaves = captures.map(({ leaf }) => leaf);
      const whole = [...all.map(({ record }) => record), ...summed]
        .flatMap(({ judgement }) => judgement ?? [])
        .reduce<Judgement | null>((sum, judgement) => (sum === null ? judgement : sumJudgements(sum, judgement)), null);
      const run: RunReport = {
        schema: 1,
        run: started.toISOString(),
        verdict: verdictOf(summary),
        sentence: summarySentence(summary, leaves),
        reasons: [
          ...summary.findings
            .filter(({ finding }) => finding.verdict === 'fail')
            .map(({ finding, windows }) => `${finding.sentence} (in ${some(windows, 'window')}; the latest is told)`),
          ...summary.reasons.map(({ reason }) => reason),
        ].slice(0, MOST_REASONS),
        testbed: 'captures',
        topology: `${captures.length} leaves`,
        replicator: 'unknown',
        profile: profile.name,
        leaves,
        totals: summary.totals,
        kinds: whole?.kinds ?? {},
        skew: whole?.skew ?? null,
        experiments: [...all.map(({ record }) => record), ...summed],
        controls: { scenarios: [], mutants: [], tampers: [], survivors: [], undecided: [], unproven: [] },
        skips: [],
        environment: Object.fromEntries(captures.map(({ leaf, file }) => [`capture of ${leaf}`, file])),
        command,
        startedAt: started.toISOString(),
        durationMs: Date.now() - started.getTime(),
        phases: [],
        evidence: '',
        folder: '',
      };
      const frames = new Map(all.map(({ record, frames: of }) => [record.id, of]));
      return renderReport(run, {
        experiment: () => null,
        frame: (experiment, leaf, copy) => frames.get(experiment)?.get(leaf)?.get(copy.offset) ?? null,
      });
    },
  };
}

/** Reasons that the page lists. */
const MOST_REASONS = 50;
