import type { DataPlane } from '../dataplane/plane.js';
import type { Workspace } from '../run/workspace.js';
import { UserError } from '../userError.js';

/** The data plane of machines that are what they are. */
export function planeAsFound({ registries }: Workspace): string | undefined {
  return registries.dataPlanes.find(({ isAsFound }) => isAsFound === true)?.kind;
}

/**
 * Throws UserError where a run would build on machines that are what they are, or would take a lab that it builds for
 * such.
 *
 * @param isInstalled the binding says that its switches are installed
 */
export function requireAsFound(
  { replicator }: { readonly replicator?: string | undefined },
  { kind, isAsFound = false }: Pick<DataPlane, 'kind' | 'isAsFound'>,
  isInstalled: boolean,
): void {
  if (isAsFound !== isInstalled)
    throw new UserError(
      isInstalled
        ? `the data plane ${kind} would be built, and the switches of the binding are installed`
        : `the data plane ${kind} is what is found on the machines of a binding whose switches are installed`,
      isInstalled
        ? 'leave out --data-plane, or say "switches: built" where host and leaves are bare machines'
        : 'add --binding FILE, or choose another data plane',
    );
  if (isInstalled && replicator !== undefined)
    throw new UserError(
      `the replicator ${replicator} cannot be put on installed machines: the one of the binding is there`,
      'leave out --replicator',
    );
}
