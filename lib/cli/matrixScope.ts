import type { Workspace } from '../run/workspace.js';

/** The suite in which the scenarios are that are tried without any word of the user's. */
const SUITE = 'replication';

/**
 * Titles, or parts of them, of the scenarios that tell in less than a minute whether a pair holds: every form of ARP, NS
 * and NA, data, and what comes from leaves; and on the planes that have them, full uplinks and tenants.
 */
const USUAL: readonly string[] = [
  'every ARP form of the host',
  'every NS and NA form of the host',
  'data goes out once, and over every leg',
  'a frame of one leaf reaches its receiver',
  'while one uplink is full of data',
  'the VTEP of tenants is heard',
];

export interface Scope {
  readonly scenario?: readonly string[] | undefined;
  readonly suite?: readonly string[] | undefined;
  readonly all?: true | undefined;
}

/** Which scenarios each cell runs. A config that leaves the built-in ones out has its own short ones run. */
export function matrixScope(asked: Scope, { builtInScenarios }: Pick<Workspace, 'builtInScenarios'>): Scope {
  if (asked.scenario !== undefined || asked.suite !== undefined || asked.all === true) return asked;
  const hasUsual = builtInScenarios === true || (builtInScenarios !== false && builtInScenarios.includes(SUITE));
  return hasUsual ? { scenario: USUAL } : {};
}

/** The same for the reader of the page. */
export function scopeText(asked: Scope, { scenario, suite, all }: Scope, controls: string): string {
  const what =
    all === true
      ? 'all scenarios'
      : scenario !== undefined && asked.scenario === undefined
        ? 'a few scenarios that tell soon, not all of them'
        : [
            ...(suite === undefined ? [] : [`the suites ${suite.join(', ')}`]),
            ...(scenario === undefined
              ? []
              : [`scenarios whose title contains ${scenario.map((one) => `"${one}"`).join(' or ')}`]),
          ].join(' and ') || 'the short scenarios of the config';
  return `Each cell is a run of its own. Tried with: ${what}; controls: ${controls}. What each cell tried is named there. A cell that holds is no qualification: that is everyleaf run without --matrix, with all scenarios.`;
}
