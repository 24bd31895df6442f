import type { LeafControl } from '../dataplane/plane.js';
import type { Step } from '../testbed/change.js';
import type { FaultSite } from './types.js';

/** Does the steps of a change, one after another. */
export async function takeSteps({ lab }: Pick<FaultSite, 'lab'>, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await ('argv' in step ? lab.node(step.node).exec(step.argv, { ...step }) : step.run());
}

/** The leaf at the end of the leg. Throws RangeError where nobody controls it. */
export function leafAt({ plane, leg }: Pick<FaultSite, 'plane' | 'leg'>): LeafControl {
  const leaf = plane.leaves.get(leg.leaf);
  if (leaf === undefined) throw new RangeError(`no leaf at the end of ${leg.name}`);
  return leaf;
}
