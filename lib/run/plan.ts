import type { Tamper } from '../control/tamper/types.js';
import type { Signature } from '../judge/types.js';
import type { ScenarioDuration } from './duration.js';

/**
 * Which controls a run makes: `declared` = each scenario against the mutants and tampers that it says it catches;
 * `tampers` = of these only the tampers, which work behind the replicator under test; `all` = each scenario against
 * every one.
 */
export const CONTROLS = ['declared', 'tampers', 'all', 'none'] as const;
export type ControlsChoice = (typeof CONTROLS)[number];

/** What a mutant or a tamper was when the run was made: a later version may know others. */
export interface PlannedControl {
  readonly name: string;
  readonly description: string;
  readonly mustShow: readonly Signature[];
}

/**
 * Of a mutant or a tamper what a run keeps. Stored files have called `mustFind` `mustShow` from the first version on.
 */
export function plannedControl({
  name,
  description,
  mustFind,
}: Pick<Tamper, 'name' | 'description' | 'mustFind'>): PlannedControl {
  return { name, description, mustShow: mustFind };
}

/** What a run is to do; written by the command line, read by the runner's configuration, kept in the run's folder. */
export interface RunPlan {
  /** Absolute. */
  readonly runFolder: string;
  readonly run: string;
  /** The config whose scenarios and replicators these are; null without one. */
  readonly configFile: string | null;
  readonly topologyFile: string;
  /** Name of the testbed. */
  readonly testbed: string;
  /** Name of a replicator, or absolute path of a YAML file. */
  readonly replicator: string;
  /** Kind of the data plane. */
  readonly dataPlane: string;
  /** Its variants that are tried. */
  readonly modes: readonly string[];
  /** The bond mode in which controls are made. */
  readonly controlMode: string;
  readonly controls: ControlsChoice;
  /** All there are, whatever is tried of them. */
  readonly mutants: readonly PlannedControl[];
  /**
   * Those that do something wrong to this replicator's frames on this data plane; absent in runs that are older than
   * tampers.
   */
  readonly tampers?: readonly PlannedControl[];
  /** Mutants are left out where a tamper shows the same. */
  readonly standIns?: boolean;
  /** Suites to which the run was narrowed; empty = those that the config says. */
  readonly suites: readonly string[];
  /** Suites, and texts that titles contain, to which the run was narrowed; empty = all. */
  readonly scenarios: readonly string[];
  /** Scenarios that take longer are left out. */
  readonly longest: ScenarioDuration;
  readonly workers: number;
  readonly command: string;
  readonly startedAt: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The plan of a run that was made before, maybe by a version that said less. */
export type KeptPlan = Omit<RunPlan, Newer> &
  Partial<Pick<RunPlan, Newer>> & {
    /** What older versions said instead of `longest`: with the scenarios that the default run leaves out. */
    readonly extended?: boolean;
  };
type Newer = 'configFile' | 'testbed' | 'dataPlane' | 'mutants' | 'suites' | 'longest';

/** The variable that carries the path of `plan.json` from the command line to the runner. */
export const PLAN_VARIABLE = 'EVERYLEAF_PLAN';
