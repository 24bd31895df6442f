import type { Intent } from '../evidence/types.js';
import type { Signature } from '../judge/types.js';

/** What became of a scenario's own expectations, apart from the judge's verdict on its evidence. */
export type Outcome =
  | { readonly type: 'held' }
  | { readonly type: 'not-held'; readonly matcher: string; readonly message: string }
  /** The lab or the scenario broke: no statement about the replicator. */
  | { readonly type: 'broke'; readonly message: string };

/** `outcome.json` in the folder of each experiment. */
export interface ExperimentOutcome {
  readonly id: string;
  readonly scenario: string;
  readonly source: string;
  readonly intent: Intent;
  readonly dataplane: string;
  readonly replicator: string;
  readonly outcome: Outcome;
  /** Of a control: one of these must be found, where the scenario asks for more than the mutant's own. */
  readonly mustShow?: readonly Signature[];
  readonly durationMs: number;
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
}

export const OUTCOME_FILE = 'outcome.json';
export const JUDGEMENT_FILE = 'judgement.json';
