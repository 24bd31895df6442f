import { dataPlaneNamed, type Registries } from '../registries.js';
import { plannedControl, type RunPlan } from './plan.js';
import { replicatorOf } from './replicatorOf.js';

/**
 * A plan with the tampers that do something wrong to its replicator's frames on its data plane, in the variant in which
 * controls are made.
 */
export function withTampers(plan: RunPlan, registries: Registries): RunPlan {
  const { profile } = replicatorOf(plan, registries);
  const plane = dataPlaneNamed(plan.dataPlane, registries);
  const traits = plane.traits(plan.controlMode);
  return {
    ...plan,
    tampers: registries.tampers
      .filter((tamper) => (tamper.isDetour === true) === (plane.isAsFound === true))
      .filter((tamper) => tamper.suits?.({ profile, traits }) !== false)
      .map(plannedControl),
  };
}
