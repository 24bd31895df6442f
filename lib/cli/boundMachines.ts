import { loadBinding, type BoundTopology } from '../binding/load.js';
import { sshTargets } from '../binding/targets.js';
import { DEFAULTS } from '../defaults.js';
import type { SshTarget } from '../ssh/resolve.js';
import { askHidden } from './askHidden.js';

/** A binding, and its machines as they are logged in to. Nobody is logged in to yet. */
export interface BoundMachines {
  readonly bound: BoundTopology;
  readonly targets: ReadonlyMap<string, SshTarget>;
}

/** @throws UserError, BindingError or TopologyError when the file holds no valid binding. */
export async function boundMachines(file: string): Promise<BoundMachines> {
  const bound = await loadBinding(file, DEFAULTS.dataPlanes);
  const sources = { folder: bound.folder, environment: process.env, ask: process.stdin.isTTY ? askHidden : null };
  return { bound, targets: sshTargets(bound.binding, sources) };
}
