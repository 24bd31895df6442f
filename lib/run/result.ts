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
  /** What that does; null where nobody knows. */
  readonly plane: PlaneTraits | null;
  readonly replicator: string;
  readonly intent: Intent;
  /** Of a control: the verdict on the mutant, which should be `fail`. */
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** null when the experiment broke before it left evidence. */
  readonly judgement: Judgement | null;
  readonly durationMs: number;
  /** The error text when the scenario itself broke (not: when an expectation failed). */
  readonly error: string | null;
  /** Of a control whose scenario says what this mutant must show there, instead of what the mutant says. */
  readonly mustShow?: readonly Signature[];
}

/** What became of a mutant: noticed for the right reason; not noticed; or nobody can tell, because the control could not be judged. */
export type Fate = 'caught' | 'survived' | 'undecided';

/** What one mutant did in one scenario. */
export interface ControlCell {
  readonly fate: Fate;
  readonly verdict: Verdict;
  /** With which the scenario failed. */
  readonly signatures: readonly Signature[];
  /** Those among them that this mutant must show. */
  readonly proofs: readonly Signature[];
  readonly experiment: string;
  readonly reason: string;
}

export interface MutantRow {
  readonly mutant: string;
  /** What is broken, one sentence. */
  readonly description: string;
  /** It must be caught with at least one of these. */
  readonly mustShow: readonly Signature[];
  readonly fate: Fate;
  /** scenario -> cell; a scenario that was not run against this mutant has no cell. */
  readonly cells: Readonly<Record<string, ControlCell>>;
}

export interface ControlsTable {
  readonly scenarios: readonly string[];
  readonly mutants: readonly MutantRow[];
  /** Mutants that a scenario should have caught and did not: the lab cannot be trusted, so the run fails. */
  readonly survivors: readonly string[];
  /** Mutants of which a control could not be judged: the run is inconclusive. */
  readonly undecided: readonly string[];
  /** Scenarios that no mutant ever made fail: nothing shows that they can, so the run is inconclusive. */
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
  /** Where the run was made, absolute; a copy of it says the same. */
  readonly folder: string;
}
