import type { LabWithLeaves, LeafControl } from '../dataplane/plane.js';
import { LackError } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import { bringUpBuiltIn } from './builtIn.js';
import type { LeafOptions } from './leaf.js';
import { bringUpLinux } from './linux/leaf.js';

export type { LeafOptions };

/**
 * Starts the switch of every leaf of a wired lab, whatever joins the legs on the host. The switches run when this
 * resolves; the bond tells whether it has them as partners. Throws LackError where the machine cannot make such leaves.
 */
export async function bringUpLeaves(
  lab: Lab | LabWithLeaves,
  options: LeafOptions,
): Promise<ReadonlyMap<string, LeafControl>> {
  if ('leavesThere' in lab) return joinLeaves(lab, options);
  const { topology } = lab;
  const bringUp = topology.leafSwitch === 'linux-bridge' ? bringUpLinux : bringUpBuiltIn;
  return new Map(
    await Promise.all(topology.leaves.map(async (leaf) => [leaf.name, await bringUp(lab, leaf, options)] as const)),
  );
}

/** Leaves that another host has brought up get ports to this one. Throws LackError where one has no room for them. */
async function joinLeaves(
  { topology, leavesThere }: LabWithLeaves,
  options: LeafOptions,
): Promise<ReadonlyMap<string, LeafControl>> {
  return new Map(
    await Promise.all(
      [...leavesThere].map(async ([name, leaf]) => {
        if (leaf.joinSecondHost === undefined)
          throw new LackError([
            {
              what: `a second host at ${name}`,
              command: `everyleaf check ${topology.name}.yaml`,
              output: 'this sort of leaf has no port for one',
            },
          ]);
        return [name, await leaf.joinSecondHost(topology, options)] as const;
      }),
    ),
  );
}
