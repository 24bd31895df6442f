import { dirname } from 'node:path';
import type { Topology } from '../topology/model.js';
import type { PlaneChoice, PlaneRules } from '../topology/planeRules.js';
import { loadTopology, readTextFile } from '../run/loadTopology.js';
import { readBinding, requireFits } from './parse.js';
import { inFolder } from './secrets.js';
import type { Binding } from './schema.js';

/** A binding and the topology that it is for. */
export interface BoundTopology {
  readonly binding: Binding;
  readonly topology: Topology;
  /** Where its paths begin. */
  readonly folder: string;
}

const EXAMPLE = 'topologies/bindings/two-linux-leaves.yaml';

/** Whether a file says that it is a binding. False also where it cannot be read: whoever reads it next says why. */
export async function isBinding(path: string): Promise<boolean> {
  const text = await readTextFile(path, 'a topology or binding', EXAMPLE).catch(() => '');
  return /^binding[ \t]*:/m.test(text);
}

/**
 * Reads a binding file and the topology that it names. Nobody is logged in to.
 *
 * @throws UserError when there is no such file, or it cannot be read as text.
 * @throws BindingError or TopologyError when it holds no valid one.
 */
export async function loadBinding(
  path: string,
  planes: readonly PlaneRules[],
  plane: PlaneChoice = {},
): Promise<BoundTopology> {
  const text = readBinding(await readTextFile(path, 'a binding', EXAMPLE), path);
  const folder = dirname(path);
  const topology = await loadTopology(inFolder(text.binding.topology, folder), planes, plane);
  requireFits(text, path, topology);
  return { binding: text.binding, topology, folder };
}
