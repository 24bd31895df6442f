import { dataPlaneNamed, testbedNamed } from '../registries.js';
import { DEFAULTS } from '../defaults.js';
import type { DataPlane } from '../dataplane/types.js';
import type { Testbed } from '../testbed/types.js';
import type { BondMode } from '../topology/model.js';

/** The testbed that a run takes when nothing is chosen. */
export function openDefaultTestbed(): Promise<Testbed> {
  return testbedNamed('netns', DEFAULTS).open();
}

/** The data plane that a run takes when nothing is chosen. */
export function defaultPlane(variant: BondMode): DataPlane {
  return dataPlaneNamed('ovs-bond', DEFAULTS).inVariant(variant);
}
