import { basename } from 'node:path';
import { UserError } from '../userError.js';
import { findKernel, kernelPart, type KernelPart } from './kernelPart.js';
import { guestPart, type Guest } from './guestPart.js';
import { PLAIN, type Flavour, type Hardware } from './hardware.js';
import { openMirror, type Lists, type Mirror } from './mirror.js';
import { findOwnKernel, isOwnKernel, type OwnKernel } from './ownKernel.js';
import { isKeptKernel, keptKernel, ownKernelPart } from './ownKernelPart.js';
import { requireOutside } from './outside.js';
import type { Progress } from './progress.js';
import { programsPart } from './programsPart.js';
import { qemuPart } from './qemuPart.js';
import { ownQemu } from './qemuProgram.js';
import { rootPart } from './rootPart.js';
import { snapshotPart } from './snapshot.js';

/** A guest and its proved snapshot. */
export interface BuiltGuest {
  readonly guest: Guest;
  readonly snapshot: string;
  /** What names this kernel and no other, also when the mirror has a newer one, or a file has changed. */
  readonly kernel: string;
  /** The file of a kernel of a person's own; null for one of the mirror. */
  readonly image: string | null;
}

export interface WantedKernel {
  /** `newest`, a version or its beginning, the path of a kernel, or `BuiltGuest.kernel`. */
  readonly kernel: string;
  /** Folders that may have the modules of a kernel with a path. */
  readonly modules?: readonly string[] | undefined;
  /** `PLAIN` without it. */
  readonly hardware?: Hardware;
}

/**
 * Makes all that a guest of this kernel needs, as far as it is not there yet. Throws UserError where something is
 * lacking, and TestbedError where a guest does not come up.
 *
 * @param lists what `newest` is, and which packages there are
 */
export async function buildGuest(wanted: WantedKernel, say: Progress, lists: Lists = 'kept'): Promise<BuiltGuest> {
  const own = ownOf(wanted);
  const { hardware = PLAIN } = wanted;
  // Before anything is fetched.
  const here = await ownQemu();
  await requireOutside(hardware);
  const mirror = await openMirror(lists, say);
  const qemu = await qemuPart(mirror, here, hardware, say);
  const kernel = await partOf(wanted.kernel, own, mirror, hardware.flavour, say);
  const root = await rootPart(mirror, say);
  const guest = await guestPart({ kernel, root, programs: await programsPart(say), hardware, qemu }, say);
  return {
    guest,
    snapshot: await snapshotPart(guest, say),
    kernel: own === null ? kernel.release : basename(kernel.folder),
    image: own?.image ?? null,
  };
}

/** Throws UserError where folders of modules are given for a kernel that comes with its own. */
function ownOf({ kernel, modules = [] }: WantedKernel): OwnKernel | null {
  if (isOwnKernel(kernel)) return findOwnKernel(kernel, modules);
  if (modules.length > 0)
    throw new UserError(
      `--kernel-modules ${modules.join(' ')}: --kernel ${kernel} is one of the mirror, with modules of its own`,
      'give the path of a kernel with --kernel, or leave --kernel-modules out',
    );
  return null;
}

async function partOf(
  wanted: string,
  own: OwnKernel | null,
  mirror: Mirror,
  flavour: Flavour,
  say: Progress,
): Promise<KernelPart> {
  if (own !== null) return ownKernelPart(own, say);
  if (isKeptKernel(wanted)) return keptKernel(wanted);
  return kernelPart(mirror, await findKernel(mirror, wanted, flavour), say);
}
