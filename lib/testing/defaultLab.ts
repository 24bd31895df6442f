import { join } from 'node:path';
import type { Plane } from '../dataplane/plane.js';
import type { PlaneTraits } from '../dataplane/traits.js';
import { DEFAULTS } from '../defaults.js';
import { dataPlaneNamed, testbedNamed } from '../registries.js';
import { loadTopology } from '../run/loadTopology.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { Topology } from '../topology/model.js';
import type { Lab } from '../testbed/lab.js';
import type { Testbed } from '../testbed/testbed.js';

const PLANE = 'ovs-bond';

/** The default testbed. */
export function openDefaultTestbed(): Promise<Testbed> {
  return testbedNamed('netns', DEFAULTS).open({ binding: null });
}

/** A file of topologies/ on that data plane. */
export function defaultTopology(file = 'dual-leaf.yaml', variant?: string): Promise<Topology> {
  const path = join(PACKAGE_ROOT, 'topologies', file);
  return loadTopology(path, DEFAULTS.dataPlanes, { kind: PLANE, ...(variant === undefined ? {} : { variant }) });
}

/** Brings up the default data plane. */
export function bringUpDefault(lab: Lab, variant = 'balance-tcp'): Promise<Plane> {
  return dataPlaneNamed(PLANE, DEFAULTS).bringUp(lab, variant);
}

/** The traits of that plane in a variant. */
export function defaultTraits(variant = 'balance-tcp'): PlaneTraits {
  return dataPlaneNamed(PLANE, DEFAULTS).traits(variant);
}
