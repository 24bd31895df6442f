import type { Judgement } from '../judge/types.js';
import { verdictSentence } from '../judge/tell/text.js';
import type { Profile } from '../profile/types.js';
import type { ReportDetails } from '../report/details.js';
import type { RunReport } from '../run/result.js';
import type { FramesByLeaf } from './explain.js';
import type { CaptureFile } from './captureFiles.js';

export interface CaptureReportInput {
  readonly hosts: readonly { readonly mac: string; readonly name: string }[];
  readonly captures: readonly CaptureFile[];
  readonly frames: FramesByLeaf;
  readonly started: Date;
  /** What repeats the judgement. */
  readonly command: string;
  readonly profile: Profile;
}

/** A judgement of captures as the page of a run shows it: one experiment, no controls. */
export function captureReport(
  judgement: Judgement,
  { hosts, captures, frames, started, command, profile }: CaptureReportInput,
): { readonly run: RunReport; readonly details: ReportDetails } {
  const durationMs = Date.now() - started.getTime();
  const sentence = verdictSentence(judgement);
  const run: RunReport = {
    schema: 1,
    run: started.toISOString(),
    verdict: judgement.verdict,
    sentence,
    reasons: judgement.reasons,
    testbed: 'captures',
    topology: `${captures.length} leaves`,
    replicator: 'unknown',
    profile: profile.name,
    leaves: judgement.leaves,
    totals: judgement.totals,
    kinds: judgement.kinds,
    skew: judgement.skew,
    experiments: [
      {
        id: 'captures',
        scenario: 'captures taken elsewhere',
        source: captures.map(({ file }) => file).join(', '),
        dataplane: 'unknown',
        plane: null,
        replicator: 'unknown',
        intent: { type: 'qualify' },
        verdict: judgement.verdict,
        reasons: judgement.reasons,
        judgement,
        durationMs,
        error: null,
      },
    ],
    controls: { scenarios: [], mutants: [], tampers: [], survivors: [], undecided: [], unproven: [] },
    skips: [],
    environment: {
      ...Object.fromEntries(captures.map(({ leaf, file }) => [`capture of ${leaf}`, file])),
      ...Object.fromEntries(
        Object.entries(judgement.clock).map(([leaf, clock]) => [
          `clock of ${leaf}`,
          `${clock.offsetNs} ns ahead, drift ${clock.driftPpm} ppm, error ${clock.errorNs} ns`,
        ]),
      ),
      hosts:
        hosts
          .map(({ mac, name }) => (mac === name ? mac : `${name} (${mac})`))
          .slice(0, 50)
          .join(', ') + (hosts.length > 50 ? ` and ${hosts.length - 50} more` : ''),
    },
    command,
    startedAt: started.toISOString(),
    durationMs,
    phases: [],
    evidence: '',
    folder: '',
  };
  return {
    run,
    details: { experiment: () => null, frame: (_experiment, leaf, copy) => frames.get(leaf)?.get(copy.offset) ?? null },
  };
}
