const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const oneOf = (texts: readonly string[]): string => `(?:${texts.map(escaped).join('|')})`;

/**
 * The regular expression, as the runner's `--grep` takes it, of the scenarios in these suites whose title contains one of these texts; null =
 * all. The runner matches one line of project, file, title and tags, in upper or lower case: `slb` shall not select a bond mode, nor `refresher`
 * whatever is tried against that mutant.
 */
export function scenarioPattern(suites: readonly string[], titles: readonly string[]): string | null {
  const parts = [
    ...(suites.length === 0 ? [] : [`(?=(?:.* )?${oneOf(suites)}/[^ ]*\\.spec\\.ts )`]),
    // A title begins behind the file and ends before the tags.
    ...(titles.length === 0 ? [] : [`(?=.*?\\.spec\\.ts (?:(?! @).)*?${oneOf(titles)})`]),
  ];
  return parts.length === 0 ? null : `^${parts.join('')}`;
}
