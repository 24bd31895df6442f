import type { Tamper } from '../control/tamper/types.js';
import type { Signature } from '../judge/types.js';
import type { InstalledOrder } from '../replicator/installed.js';
import type { ScenarioDuration } from './duration.js';
import type { Shard } from './shard.js';

/**
 * Which controls a run makes: `declared` = each scenario against the mutants and tampers in its `catches`; `tampers` =
 * only the tampers of these, which work behind the replicator under test; `all` = each scenario against every one.
 */
export const CONTROLS = ['declared', 'tampers', 'all', 'none'] as const;
export type ControlsChoice = (typeof CONTROLS)[number];

/** A mutant or a tamper as it was when the run was made: a later version may have others. */
export interface PlannedControl {
  readonly name: string;
  readonly description: string;
  readonly mustShow: readonly Signature[];
}

/**
 * What a run keeps of a mutant or a tamper. In stored files `mustFind` is called `mustShow`, from the first version on.
 */
export function plannedControl({
  name,
  description,
  mustFind,
}: Pick<Tamper, 'name' | 'description' | 'mustFind'>): PlannedControl {
  return { name, description, mustShow: mustFind };
}

/** A replicator that is on its machine already. */
export interface InstalledPlan extends InstalledOrder {
  /** Name of a profile, or absolute path of one of the user's own; null = the first of all. */
  readonly profile: string | null;
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
  /** The binding on whose machines labs run, absolute; absent without one. */
  readonly bindingFile?: string;
  /** The kernel with which labs run; absent where it is that of a machine. */
  readonly kernel?: string;
  /** Name of a replicator, or absolute path of a YAML file. */
  readonly replicator: string;
  /** What its binding says of it, where it is installed; absent where the run installs it. */
  readonly installed?: InstalledPlan;
  /** Kind of the data plane. */
  readonly dataPlane: string;
  /** Its variants that are tried. */
  readonly modes: readonly string[];
  /** The bond mode in which controls are made. */
  readonly controlMode: string;
  readonly controls: ControlsChoice;
  /** All that exist, tried or not. */
  readonly mutants: readonly PlannedControl[];
  /**
   * The ones that do something wrong to this replicator's frames on this data plane; absent in runs that are older than
   * tampers.
   */
  readonly tampers?: readonly PlannedControl[];
  /** Mutants are left out where a tamper leads to the same finding. */
  readonly standIns?: boolean;
  /** Suites to which the run was narrowed; empty = those of the config. */
  readonly suites: readonly string[];
  /** Suites, and texts that titles contain, to which the run was narrowed; empty = all. */
  readonly scenarios: readonly string[];
  /** Scenarios that take longer are left out. */
  readonly longest: ScenarioDuration;
  readonly workers: number;
  readonly command: string;
  readonly startedAt: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it depends on besides the machine: its code and files, by digest; absent in older runs. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The part of the run that is made here; absent = all of it. */
  readonly shard?: Shard;
}

/** The plan of an earlier run, perhaps by a version that stored less. */
export type KeptPlan = Omit<RunPlan, Newer> &
  Partial<Pick<RunPlan, Newer>> & {
    /**
     * What older versions stored instead of `longest`: whether the scenarios are included that the default run leaves
     * out.
     */
    readonly extended?: boolean;
  };
type Newer = 'configFile' | 'testbed' | 'dataPlane' | 'mutants' | 'suites' | 'longest';

/** The variable that carries the path of `plan.json` from the command line to the runner. */
export const PLAN_VARIABLE = 'EVERYLEAF_PLAN';

/** Includes scenarios that take seconds; older versions called them extended. */
export function isLong({ longest, extended }: Pick<KeptPlan, 'longest' | 'extended'>): boolean {
  return longest === undefined ? extended === true : longest !== 'short';
}
