import { UserError } from '../userError.js';
import type { WantedKernel } from '../vm/buildGuest.js';
import { isOwnKernel } from '../vm/ownKernel.js';

/**
 * Which folder of modules goes with which kernel: one for all kernels with a path, or one for each of them, in their
 * order. Builds of one release must not get the modules of each other. Throws UserError for any other number.
 */
export function wantedKernels(kernels: readonly string[], modules: readonly string[]): readonly WantedKernel[] {
  const own = kernels.filter(isOwnKernel).length;
  if (modules.length > 0 && own === 0)
    throw new UserError(
      `--kernel-modules ${modules.join(' ')}: kernels of the mirror have modules of their own`,
      'give the path of a kernel with --kernel, or leave --kernel-modules out',
    );
  if (modules.length > 1 && modules.length !== own)
    throw new UserError(
      `--kernel-modules is given ${modules.length} times, for ${own} of --kernel with a path`,
      'give it once for all of these, or once for each, in the same order',
    );
  let before = 0;
  return kernels.map((kernel) => {
    if (!isOwnKernel(kernel)) return { kernel };
    const folder = modules.length > 1 ? modules[before++] : modules[0];
    return { kernel, modules: folder === undefined ? [] : [folder] };
  });
}

/** How a kernel on trial is called: on the page, and as a folder of its evidence. */
export interface KernelName {
  readonly version: string;
  readonly folder: string;
}

/** Names that differ, also for several builds of one release. */
export function kernelNames(
  built: readonly { readonly release: string; readonly image: string | null }[],
): readonly KernelName[] {
  const ofPerson = built.filter(({ image }) => image !== null);
  return built.map((one) => {
    const version = /^\d+(?:\.\d+)*/.exec(one.release)?.[0] ?? one.release;
    if (one.image === null) return { version, folder: one.release };
    const number = ofPerson.length > 1 ? `-${ofPerson.indexOf(one) + 1}` : '';
    return { version: `${version}-own${number}`, folder: `${one.release}-own${number}` };
  });
}
