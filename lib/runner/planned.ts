import { fitsPlane, type Registries } from '../registries.js';
import type { ControlName } from '../run/controlName.js';
import { longerThan } from '../run/duration.js';
import type { RunPlan } from '../run/plan.js';
import { coveredByTag, durationTag, notInTag, ONCE_TAG } from './tags.js';

type Chosen = Pick<RunPlan, 'dataPlane' | 'modes' | 'controlMode' | 'controls' | 'tampers' | 'standIns' | 'longest'>;

/** The variants of the data plane in which a run tries anything: in the last one, perhaps, only controls. */
export function variantsOf({ modes, controlMode }: Pick<RunPlan, 'modes' | 'controlMode'>): readonly string[] {
  return [...new Set([...modes, controlMode])];
}

/** Whether a scenario with these tags makes sense in a variant, and does not take longer than there is time for. */
function fits(plan: Chosen, mode: string, tags: readonly string[]): boolean {
  const excluding = [
    notInTag({ kind: plan.dataPlane, variant: mode }),
    ...(mode === plan.controlMode ? [] : [ONCE_TAG]),
    ...longerThan(plan.longest).map(durationTag),
  ];
  return !excluding.some((tag) => tags.includes(tag));
}

/** Whether a run tries a scenario against the replicator under test in this variant. */
export function isPlanned(plan: Chosen, mode: string, tags: readonly string[]): boolean {
  return plan.modes.includes(mode) && fits(plan, mode, tags);
}

/**
 * Whether a run tries a scenario against this control.
 *
 * @param isDeclared the scenario says that it catches it
 */
export function isControlPlanned(
  plan: Chosen,
  { mutants }: Pick<Registries, 'mutants'>,
  { type, name }: ControlName,
  isDeclared: boolean,
  tags: readonly string[],
): boolean {
  if (plan.controls === 'none' || (plan.controls !== 'all' && !isDeclared)) return false;
  if (!fits(plan, plan.controlMode, tags)) return false;
  const tampers = plan.tampers ?? [];
  if (type === 'tamper') return tampers.some((tamper) => tamper.name === name);
  const mutant = mutants.find((one) => one.name === name);
  if (plan.controls === 'tampers' || mutant === undefined || !fitsPlane(mutant, plan.dataPlane)) return false;
  return plan.standIns !== true || !tampers.some((tamper) => tags.includes(coveredByTag(tamper.name)));
}
