import { resolve } from 'node:path';
import { loadBinding } from '../binding/load.js';
import { inFolder } from '../binding/secrets.js';
import { testbedNamed } from '../registries.js';
import type { PlaneChoice } from '../topology/planeRules.js';
import { UserError } from '../userError.js';
import type { Workspace } from '../run/workspace.js';

/** The testbed whose labs run on the machines of a binding. */
export function bindingTestbed({ registries }: Workspace): string | undefined {
  return registries.testbeds.find(({ onBinding }) => onBinding === true)?.name;
}

/** What a run takes from a binding. All paths are absolute. */
export interface BoundRun {
  readonly file: string;
  readonly topologyFile: string;
  /** The file of its replicator; absent where one is installed. */
  readonly replicator?: string;
}

/**
 * Reads the binding of a run, and looks at its machines: what is wrong there is said before anything is run, or changed.
 * null for a testbed that needs none. Throws UserError and SshError.
 */
export async function boundTo(
  { registries }: Workspace,
  binding: string | undefined,
  testbed: string,
  plane: PlaneChoice,
): Promise<BoundRun | null> {
  const kind = testbedNamed(testbed, registries);
  if (kind.onBinding !== true) {
    if (binding === undefined) return null;
    throw new UserError(`the testbed ${testbed} takes no binding`, 'leave out --testbed or --binding');
  }
  const file = binding === undefined ? null : resolve(binding);
  await using opened = await kind.open({ binding: file });
  if (file === null) throw new UserError(`the testbed ${opened.name} needs a binding`, 'add --binding FILE');
  const loaded = await loadBinding(file, registries.dataPlanes, plane);
  const { topology, host } = loaded.binding;
  return {
    file,
    topologyFile: inFolder(topology, loaded.folder),
    ...('start' in host.replicator ? { replicator: inFolder(host.replicator.start, loaded.folder) } : {}),
  };
}
