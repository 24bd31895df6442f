import type { Registries } from './registries.js';
import type { Profile } from './profile/types.js';
import type { Replicator } from './replicator/types.js';

/** The contents of `everyleaf.config.ts`. Paths are relative to that file. */
export interface Config {
  /** Folder of scenarios, `*.spec.ts` and the like. Its folders are suites. */
  readonly scenarios?: string;
  /** Folder of topologies. Where it holds a single one, a run takes that. */
  readonly topologies?: string;
  /** Folder in which each run gets its own. */
  readonly out?: string;
  /**
   * Where labs can run, besides what is built in. The first is the default; the same holds for the next two.
   */
  readonly testbeds?: Registries['testbeds'];
  readonly dataPlanes?: Registries['dataPlanes'];
  /** Replicators, or paths of YAML files that describe one. */
  readonly replicators?: readonly (Replicator | string)[];
  readonly faults?: Registries['faults'];
  /** Profiles, or paths of YAML files. */
  readonly profiles?: readonly (Profile | string)[];
  readonly mutants?: Registries['mutants'];
  readonly tampers?: Registries['tampers'];
  /** Which built-in suites a run takes besides your own; without it none, but those that `--suite` names. */
  readonly builtInScenarios?: boolean | readonly string[];
}

/** Gives a config its type; `everyleaf.config.ts` exports what it returns as default. */
export function defineConfig(config: Config): Config {
  return config;
}
