/** What a night says of one test; docs/nightly.md says what each means. */
export type Word =
  | 'new failure'
  | 'known'
  | 'expired'
  | 'idle entry'
  | 'fixed'
  | 'flaky'
  | 'vanished'
  | 'no longer judged'
  | 'never judged'
  | 'on probation'
  | 'slower';

/** One statement about one test. */
export interface Item {
  readonly word: Word;
  readonly test: string;
  /** Whether it alone makes the night fail. */
  readonly gates: boolean;
  /** For a person: what, since when, and what to do. */
  readonly sentence: string;
}

/** So many nights back a verdict counts: for flakes, for tests that are gone, and for durations. */
export const LOOK_BACK = 20;

/** So many clean runs a test needs before its failures count, where it came after the history began. */
export const CLEAN_RUNS = 15;

/** An entry that was not needed in so many runs is idle. */
export const IDLE_RUNS = 10;
