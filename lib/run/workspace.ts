import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BUILT_IN_SCENARIOS, BUILT_IN_TOPOLOGIES, DEFAULT_OUT } from '../builtIn.js';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { Registries } from '../registries.js';

/** What there is to run, and where: a config together with what is built in. All paths are absolute. */
export interface Workspace {
  /** The folder of the config; what is named in evidence is relative to it. */
  readonly folder: string;
  /** null without a config. */
  readonly configFile: string | null;
  /** Folder of the user's own scenarios; null where there are none. */
  readonly scenarios: string | null;
  /** Folder of the user's own topologies; null where there are none. */
  readonly topologies: string | null;
  /** Folder of runs. */
  readonly out: string;
  /** Which built-in suites a run takes when none is chosen. */
  readonly builtInScenarios: boolean | readonly string[];
  /** The user's own first. */
  readonly registries: Registries;
}

/** What there is without a config. */
export const WITHOUT_CONFIG: Workspace = {
  folder: PACKAGE_ROOT,
  configFile: null,
  scenarios: null,
  topologies: null,
  out: DEFAULT_OUT,
  builtInScenarios: true,
  registries: DEFAULTS,
};

/** Scenarios of one folder that a run takes. */
export interface ScenarioRoot {
  readonly folder: string;
  /** Names of folders in it; null = all. */
  readonly suites: readonly string[] | null;
}

function suitesIn(folder: string | null): readonly string[] {
  if (folder === null) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => entry.name);
}

/** Suites that everyleaf brings. */
export function builtInSuites(): readonly string[] {
  return suitesIn(BUILT_IN_SCENARIOS);
}

/** Suites that can be chosen, the user's own first. */
export function suitesOf({ scenarios }: Workspace): readonly string[] {
  return [...new Set([...suitesIn(scenarios), ...builtInSuites()])];
}

/**
 * Where the scenarios of a run are.
 * @param chosen suites by name; empty = what the config says. Of two suites with one name, the user's own is taken.
 */
export function scenarioRoots(workspace: Workspace, chosen: readonly string[]): readonly ScenarioRoot[] {
  const { scenarios: own, builtInScenarios: builtIn } = workspace;
  const ownSuites = suitesIn(own);
  const roots = [
    { folder: own, suites: chosen.length === 0 ? null : chosen.filter((suite) => ownSuites.includes(suite)) },
    {
      folder: BUILT_IN_SCENARIOS,
      suites:
        chosen.length > 0
          ? chosen.filter((suite) => !ownSuites.includes(suite))
          : builtIn === true
            ? null
            : builtIn === false
              ? []
              : builtIn,
    },
  ];
  return roots.flatMap(({ folder, suites }) => (folder === null || suites?.length === 0 ? [] : [{ folder, suites }]));
}

/** Whether a file lies in a folder, however deep. */
function isIn(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !path.startsWith('..') && resolve(folder, path) === resolve(file);
}

/** Folders in which a topology is looked for that a scenario names; a built-in scenario means a built-in one. */
export function topologyFolders({ topologies }: Workspace, scenarioFile: string): readonly string[] {
  return topologies === null || isIn(scenarioFile, BUILT_IN_SCENARIOS)
    ? [BUILT_IN_TOPOLOGIES]
    : [topologies, BUILT_IN_TOPOLOGIES];
}

/**
 * How evidence names a file: `scenarios/ours.spec.ts`; a built-in one of an installed package:
 * `everyleaf/scenarios/replication/arp.spec.js`.
 */
export function sourceName({ folder }: Workspace, file: string): string {
  return folder !== PACKAGE_ROOT && isIn(file, BUILT_IN_SCENARIOS)
    ? join('everyleaf/scenarios', relative(BUILT_IN_SCENARIOS, file))
    : relative(folder, file);
}
