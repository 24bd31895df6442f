/** So many tests have a whole run on machines that are reached by ssh, 2 minutes each; of these one is drawn. */
export const RUNS_OVER_SSH = 3;
