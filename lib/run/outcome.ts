import type { PlaneTraits } from '../dataplane/traits.js';
import type { Intent, SkipEntry } from '../evidence/types.js';
import type { Signature } from '../judge/types.js';
import type { About } from '../trial/expectation.js';

/** The result of a scenario's own expectations, apart from the judge's verdict on its evidence. */
export type Outcome =
  | { readonly type: 'held' }
  | { readonly type: 'not-held'; readonly matcher: string; readonly about: About; readonly message: string }
  /** It could not be tried here, because these are lacking. */
  | { readonly type: 'skipped'; readonly lacks: readonly SkipEntry[] }
  /** The lab or the scenario broke: no statement about the replicator. */
  | { readonly type: 'broke'; readonly message: string };

/** `outcome.json` in the folder of each experiment. */
export interface TrialOutcome {
  readonly id: string;
  readonly scenario: string;
  readonly source: string;
  readonly intent: Intent;
  readonly dataplane: string;
  /** Absent in runs of version 0.1.0. */
  readonly plane?: PlaneTraits;
  readonly replicator: string;
  readonly outcome: Outcome;
  /** For a control: one of these must be found, where the scenario asks for more than the mutant's own signatures. */
  readonly mustShow?: readonly Signature[];
  readonly durationMs: number;
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
}

export const OUTCOME_FILE = 'outcome.json';

/** An `outcome.json` as stored in a file: version 0.1.0 did not say what a matcher is about. */
type StoredOutcome = Omit<TrialOutcome, 'outcome'> & {
  readonly outcome:
    | Exclude<Outcome, { readonly type: 'not-held' }>
    | { readonly type: 'not-held'; readonly matcher: string; readonly about?: About; readonly message: string };
};

/** The matchers of version 0.1.0 that are about the stimulus. */
const OLD_STIMULUS_MATCHERS: readonly string[] = ['toInclude', 'toHaveFinished', 'toHaveBeenSilent'];

/** Reads the text of an `outcome.json` of any version. */
export function parseOutcome(text: string): TrialOutcome {
  const stored = JSON.parse(text) as StoredOutcome;
  const { outcome } = stored;
  if (outcome.type !== 'not-held') return { ...stored, outcome };
  const about = outcome.about ?? (OLD_STIMULUS_MATCHERS.includes(outcome.matcher) ? 'stimulus' : 'replicator');
  return { ...stored, outcome: { ...outcome, about } };
}
