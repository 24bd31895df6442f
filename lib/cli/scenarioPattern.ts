const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The regular expression, as the runner's `--grep` takes it, of the scenarios whose title contains one of these texts;
 * null = all. The runner matches one line of project, file, title and tags, in upper or lower case: `slb` must not
 * select a bond mode, nor `refresher` everything that is tried against that mutant.
 */
export function scenarioPattern(titles: readonly string[]): string | null {
  // A title begins after the file and ends before the tags.
  return titles.length === 0 ? null : `^(?=.*?\\.spec\\.m?[jt]s (?:(?! @).)*?(?:${titles.map(escaped).join('|')}))`;
}
