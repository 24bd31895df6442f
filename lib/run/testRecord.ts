/** What the runner did with one scenario in one project; kept so that a test that never ran is not overlooked. */
export interface TestRecord {
  readonly scenario: string;
  /** A variant of the data plane, or `control <mutant or tamper>`. */
  readonly project: string;
  readonly status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted' | 'never-ran';
  readonly error: string | null;
}

/** `tests.json` beside the experiments. */
export interface TestsRecord {
  readonly status: 'passed' | 'failed' | 'timedout' | 'interrupted' | 'running';
  readonly durationMs: number;
  readonly tests: readonly TestRecord[];
  /** What went wrong outside of any test. */
  readonly errors: readonly string[];
}

export const TESTS_FILE = 'tests.json';
export const PLAN_FILE = 'plan.json';
/** Below the run's folder. */
export const EVIDENCE_FOLDER = 'evidence';
