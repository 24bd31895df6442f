import type { Plane } from '../dataplane/plane.js';
import type { PlaneTraits } from '../dataplane/traits.js';
import { DEFAULTS } from '../defaults.js';
import { dataPlaneNamed, testbedNamed } from '../registries.js';
import type { Lab, Testbed } from '../testbed/types.js';

/** The testbed that a run takes when nothing is chosen. */
export function openDefaultTestbed(): Promise<Testbed> {
  return testbedNamed('netns', DEFAULTS).open();
}

const PLANE = 'ovs-bond';

/** Brings up the data plane that a run takes when nothing is chosen. */
export function bringUpDefault(lab: Lab, variant = 'balance-tcp'): Promise<Plane> {
  return dataPlaneNamed(PLANE, DEFAULTS).bringUp(lab, variant);
}

/** What that plane is like in a variant. */
export function defaultTraits(variant = 'balance-tcp'): PlaneTraits {
  return dataPlaneNamed(PLANE, DEFAULTS).traits(variant);
}
