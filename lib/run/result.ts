import type { PlaneTraits } from '../dataplane/traits.js';
import type { Counts, Judgement, Signature, Skew, Verdict } from '../judge/types.js';
import type { Intent, SkipEntry } from '../evidence/types.js';
import type { KindId } from '../wire/kinds.js';

/** One scenario on one lab: its evidence and what the judge made of it. */
export interface TrialRecord {
  /** Folder name below the run's `evidence/`; unique in the run. */
  readonly id: string;
  readonly scenario: string;
  /** `scenarios/replication/arp.spec.ts:12` */
  readonly source: string;
  /** The data plane as reports call it. */
  readonly dataplane: string;
  /** Its traits; null where they are unknown. */
  readonly plane: PlaneTraits | null;
  readonly replicator: string;
  readonly intent: Intent;
  /** For a control, the verdict on the mutant or the tamper, which should be `fail`. */
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** null when the experiment broke before it left evidence. */
  readonly judgement: Judgement | null;
  readonly durationMs: number;
  /** The error text when the scenario itself broke (not: when an expectation failed). */
  readonly error: string | null;
  /** For a control whose scenario says what must be found there, in place of the mutant's or tamper's own list. */
  readonly mustShow?: readonly Signature[];
}

/**
 * The fate of a mutant or a tamper: noticed for the right reason; not noticed; or undecided, because the control could
 * not be judged.
 */
export type Fate = 'caught' | 'survived' | 'undecided';

/** What one mutant or tamper did in one scenario. */
export interface ControlCell {
  readonly fate: Fate;
  readonly verdict: Verdict;
  /** The signatures with which the scenario failed. */
  readonly signatures: readonly Signature[];
  /** The ones among them that count for catching it. */
  readonly proofs: readonly Signature[];
  readonly experiment: string;
  readonly reason: string;
}

/** The fate of one mutant or tamper in all scenarios. */
export interface ControlRow {
  /** What is broken, one sentence. */
  readonly description: string;
  /** It must be caught with at least one of these. */
  readonly mustShow: readonly Signature[];
  readonly fate: Fate;
  /** scenario -> cell; a scenario that was not run against it has no cell. */
  readonly cells: Readonly<Record<string, ControlCell>>;
}

export interface MutantRow extends ControlRow {
  readonly mutant: string;
}

export interface TamperRow extends ControlRow {
  readonly tamper: string;
}

export interface ControlsTable {
  readonly scenarios: readonly string[];
  readonly mutants: readonly MutantRow[];
  readonly tampers: readonly TamperRow[];
  /**
   * Mutants and tampers that a scenario should have caught and did not: the lab cannot be trusted, so the run fails.
   */
  readonly survivors: readonly string[];
  /** Mutants and tampers with a control that could not be judged: the run is inconclusive. */
  readonly undecided: readonly string[];
  /** Scenarios that no mutant or tamper made fail: nothing shows that they can fail, so the run is inconclusive. */
  readonly unproven: readonly string[];
}

/** `run.json`: a whole run. The HTML page, JUnit, and `--json` are views of it. */
export interface RunReport {
  readonly schema: 1;
  readonly run: string;
  readonly verdict: Verdict;
  /** The verdict as one sentence for a release manager. */
  readonly sentence: string;
  readonly reasons: readonly string[];
  readonly testbed: string;
  readonly topology: string;
  readonly replicator: string;
  readonly profile: string;
  readonly leaves: readonly string[];
  readonly totals: Counts;
  readonly kinds: Readonly<Partial<Record<KindId, Counts>>>;
  readonly skew: Skew | null;
  readonly experiments: readonly TrialRecord[];
  readonly controls: ControlsTable;
  readonly skips: readonly SkipEntry[];
  readonly environment: Readonly<Record<string, string>>;
  /** How to repeat it. */
  readonly command: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
  /** Evidence folder, relative to the run's folder. */
  readonly evidence: string;
  /** Where the run was made, absolute; the same in a copy of the run. */
  readonly folder: string;
}
