import { planeName, type PlaneTraits } from '../dataplane/traits.js';
import type { ScenarioDuration } from '../run/duration.js';

/** Marks scenarios by how long they take. */
export const durationTag = (duration: ScenarioDuration) => `@takes-${duration}`;

/** Marks scenarios that are run in one variant. */
export const ONCE_TAG = '@once';

/** Marks a scenario against the replicator under test. */
export const SCENARIO_TAG = '@scenario';

/** Marks a scenario against a mutant or a tamper. */
export const CONTROL_TAG = '@control';

/** Marks controls that their scenario declares. */
export const DECLARED_TAG = '@declared';

/** The pattern of the tag of a control that is left out where this tamper is tried. */
export function coveredByTag(tamper: string): string {
  return `@covered-by:${tamper}`;
}

/** The pattern of the tag of a variant in which a scenario is not run. */
export function notInTag(plane: Pick<PlaneTraits, 'kind' | 'variant'>): string {
  return `@not-in:${planeName(plane)}`;
}

/** The tag of a variant of this data plane in which a scenario is not run. */
export const variantTag =
  ({ kind }: Pick<PlaneTraits, 'kind'>) =>
  (variant: string): string =>
    notInTag({ kind, variant });
