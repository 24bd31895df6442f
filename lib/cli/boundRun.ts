import { resolve } from 'node:path';
import { loadBinding } from '../binding/load.js';
import type { Binding } from '../binding/schema.js';
import { inFolder } from '../binding/secrets.js';
import { isPath } from '../files.js';
import { testbedNamed } from '../registries.js';
import type { PlaneChoice } from '../topology/planeRules.js';
import { UserError } from '../userError.js';
import type { InstalledPlan } from '../run/plan.js';
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
  /** The replicator that is there, where its switches are installed. */
  readonly installed?: InstalledPlan;
}

/**
 * Reads the binding of a run. Nobody is logged in to. null for a testbed that needs none. Throws UserError, and the errors
 * of loadBinding.
 */
export async function boundTo(
  { registries }: Workspace,
  binding: string | undefined,
  testbed: string,
  plane: PlaneChoice,
): Promise<BoundRun | null> {
  const { name, onBinding } = testbedNamed(testbed, registries);
  if (onBinding !== true) {
    if (binding === undefined) return null;
    throw new UserError(`the testbed ${testbed} takes no binding`, 'leave out --testbed or --binding');
  }
  if (binding === undefined)
    throw new UserError(
      `the testbed ${name} needs a binding: which machines the names of a topology stand for`,
      'add --binding FILE, for instance topologies/bindings/two-linux-leaves-local.yaml',
    );
  const file = resolve(binding);
  const loaded = await loadBinding(file, registries.dataPlanes, plane);
  const { topology, host, switches } = loaded.binding;
  return {
    file,
    topologyFile: inFolder(topology, loaded.folder),
    ...('start' in host.replicator ? { replicator: inFolder(host.replicator.start, loaded.folder) } : {}),
    ...(switches !== 'built' && 'installed' in host.replicator
      ? { installed: plannedOf(host.replicator, loaded.folder) }
      : {}),
  };
}

function plannedOf(
  { name, version, profile, settleMs = 0 }: Extract<Binding['host']['replicator'], { installed: true }>,
  folder: string,
): InstalledPlan {
  return {
    name,
    version: version ?? null,
    settleMs,
    profile: profile !== undefined && isPath(profile) ? inFolder(profile, folder) : (profile ?? null),
  };
}

/**
 * Whether host and leaves of a run are what they are. False also where the binding cannot be read: whoever reads it next
 * says why.
 */
export async function isInstalled(binding: string | undefined, { registries }: Workspace): Promise<boolean> {
  if (binding === undefined) return false;
  const loaded = await loadBinding(resolve(binding), registries.dataPlanes).catch(() => null);
  return loaded !== null && loaded.binding.switches !== 'built';
}
