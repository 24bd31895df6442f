/** How long a scenario takes, the shortest first. */
export const SCENARIO_DURATIONS = ['short', 'seconds', 'minutes'] as const;

export type ScenarioDuration = (typeof SCENARIO_DURATIONS)[number];

/** The durations that are longer than `longest`. */
export function longerThan(longest: ScenarioDuration): readonly ScenarioDuration[] {
  return SCENARIO_DURATIONS.slice(SCENARIO_DURATIONS.indexOf(longest) + 1);
}
