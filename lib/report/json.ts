import type { Counts, Signature, Skew, Verdict } from '../judge/types.js';
import type { KindId } from '../wire/kinds.js';
import { controlRows } from '../run/controls.js';
import type { ControlRow, Fate, RunReport } from '../run/result.js';

/** The one object that `everyleaf run --json` prints. */
export interface RunSummary {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly reasons: readonly string[];
  readonly run: string;
  readonly testbed: string;
  readonly topology: string;
  readonly replicator: string;
  readonly profile: string;
  readonly leaves: readonly string[];
  readonly kinds: Readonly<Partial<Record<KindId, Counts>>>;
  readonly totals: Counts;
  readonly skew: Skew | null;
  readonly experiments: readonly {
    readonly id: string;
    readonly scenario: string;
    readonly dataplane: string;
    readonly mutant: string | null;
    /** Absent where none was tried. */
    readonly tamper?: string;
    readonly verdict: Verdict;
    readonly reasons: readonly string[];
  }[];
  readonly controls: {
    readonly mutants: number;
    /** Mutants. */
    readonly caught: number;
    /** Absent where none was tried. */
    readonly tampers?: { readonly tried: number; readonly caught: number };
    readonly survivors: readonly string[];
    readonly undecided: readonly string[];
    readonly unproven: readonly string[];
    /** mutant or tamper -> scenario -> the signatures that were found. */
    readonly table: Readonly<
      Record<
        string,
        Readonly<
          Record<string, { readonly fate: Fate; readonly verdict: Verdict; readonly signatures: readonly Signature[] }>
        >
      >
    >;
  };
  readonly skips: RunReport['skips'];
  readonly phases: RunReport['phases'];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  /** Where the evidence is; absolute when the caller knows the run's folder. */
  readonly evidence: string;
  /** Path of the HTML page; null when none was written. */
  readonly report: string | null;
}

export interface SummaryPaths {
  readonly report?: string;
  readonly evidence?: string;
}

/** @param paths where the caller wrote things; without them the run's own relative folder is named */
export function runSummary(run: RunReport, paths: SummaryPaths = {}): RunSummary {
  const { controls } = run;
  return {
    verdict: run.verdict,
    sentence: run.sentence,
    reasons: run.reasons,
    run: run.run,
    testbed: run.testbed,
    topology: run.topology,
    replicator: run.replicator,
    profile: run.profile,
    leaves: run.leaves,
    kinds: run.kinds,
    totals: run.totals,
    skew: run.skew,
    experiments: run.experiments.map(({ id, scenario, dataplane, intent, verdict, reasons }) => ({
      id,
      scenario,
      dataplane,
      mutant: intent.type === 'control' && 'mutant' in intent ? intent.mutant : null,
      ...(intent.type === 'control' && 'tamper' in intent ? { tamper: intent.tamper } : {}),
      verdict,
      reasons,
    })),
    controls: {
      mutants: controls.mutants.length,
      caught: caughtOf(controls.mutants),
      ...(controls.tampers.length === 0
        ? {}
        : { tampers: { tried: controls.tampers.length, caught: caughtOf(controls.tampers) } }),
      survivors: controls.survivors,
      undecided: controls.undecided,
      unproven: controls.unproven,
      table: Object.fromEntries(
        controlRows(controls).map((row) => [
          row.name,
          Object.fromEntries(
            Object.entries(row.cells).map(([scenario, { fate, verdict, signatures }]) => [
              scenario,
              { fate, verdict, signatures },
            ]),
          ),
        ]),
      ),
    },
    skips: run.skips,
    phases: run.phases,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    command: run.command,
    evidence: paths.evidence ?? run.evidence,
    report: paths.report ?? null,
  };
}

function caughtOf(rows: readonly ControlRow[]): number {
  return rows.filter((row) => row.fate === 'caught').length;
}
