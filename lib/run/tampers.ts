import { dataPlaneNamed, type Registries } from '../registries.js';
import { replicatorNamed } from '../replicator/find.js';
import { plannedControl, type RunPlan } from './plan.js';

/**
 * A plan with the tampers that do something wrong to its replicator's frames on its data plane, in the variant in which
 * controls are made.
 */
export function withTampers(plan: RunPlan, registries: Registries): RunPlan {
  const { profile } = replicatorNamed(plan.replicator, registries);
  const traits = dataPlaneNamed(plan.dataPlane, registries).traits(plan.controlMode);
  return {
    ...plan,
    tampers: registries.tampers.filter((tamper) => tamper.suits?.({ profile, traits }) !== false).map(plannedControl),
  };
}
