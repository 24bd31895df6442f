/**
 * Limit of a test that starts whole runs or many labs, ms. The longest takes about 2 minutes on two idle cores, and ten
 * times as long has been seen with ten times more work than cores. It only ends what hangs.
 */
export const WHOLE_RUNS_MS = 1_200_000;

/**
 * How long a test waits for what it must see, ms: what has not come by then never will, however busy the machine is. Less
 * than the limit of any test, so that the test says what has not come.
 */
export const HANGS_MS = 240_000;
