import { findKernel, kernelPart } from './kernelPart.js';
import { guestPart, type Guest } from './guestPart.js';
import { openMirror, type Lists } from './mirror.js';
import type { Progress } from './progress.js';
import { programsPart } from './programsPart.js';
import { qemuVersion } from './qemu.js';
import { rootPart } from './rootPart.js';
import { snapshotPart } from './snapshot.js';

/** A guest and its proved snapshot. */
export interface BuiltGuest {
  readonly guest: Guest;
  readonly snapshot: string;
}

/**
 * Makes all that a guest of this kernel needs, as far as it is not there yet. Throws UserError where something is
 * lacking, and TestbedError where a guest does not come up.
 *
 * @param wanted `newest`, or a version or its beginning
 * @param lists what `newest` is, and which packages there are
 */
export async function buildGuest(wanted: string, say: Progress, lists: Lists = 'kept'): Promise<BuiltGuest> {
  // Before anything is fetched.
  await qemuVersion();
  const mirror = await openMirror(lists, say);
  const kernel = await kernelPart(mirror, await findKernel(mirror, wanted), say);
  const guest = await guestPart(kernel, await rootPart(mirror, say), await programsPart(say), say);
  return { guest, snapshot: await snapshotPart(guest, say) };
}
