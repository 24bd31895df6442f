import type { Replicator } from '../replicator/types.js';
import type { ControlName } from '../run/controlName.js';
import type { RunPlan } from '../run/plan.js';
import type { Testbed } from '../testbed/testbed.js';
import type { Place } from './caller.js';
import type { ScenarioSetup } from './setup.js';

/** One trial of a scenario, about to be made. */
export interface ScenarioRun {
  readonly plan: RunPlan;
  readonly mode: string;
  readonly control: ControlName | null;
  readonly replicator: Replicator;
  readonly testbed: Testbed;
  readonly title: string;
  readonly place: Place;
  readonly setup: ScenarioSetup;
  readonly folder: string;
}
