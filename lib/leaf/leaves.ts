import type { LeafControl } from '../dataplane/plane.js';
import type { Lab } from '../testbed/lab.js';
import { bringUpBuiltIn } from './builtIn.js';
import type { LeafOptions } from './leaf.js';
import { bringUpLinux } from './linux/leaf.js';

export type { LeafOptions };

/**
 * Starts the switch of every leaf of a wired lab, whatever joins the legs on the host. The switches run when this
 * resolves; the bond tells whether it has them as partners. Throws LackError where the machine cannot make such leaves.
 */
export async function bringUpLeaves(lab: Lab, options: LeafOptions): Promise<ReadonlyMap<string, LeafControl>> {
  const { topology } = lab;
  const bringUp = topology.leafSwitch === 'linux-bridge' ? bringUpLinux : bringUpBuiltIn;
  return new Map(
    await Promise.all(topology.leaves.map(async (leaf) => [leaf.name, await bringUp(lab, leaf, options)] as const)),
  );
}
