import type { Flavour } from './hardware.js';

/** A kernel that the mirror has: `release` is what `uname -r` prints there. */
export interface KernelPackage {
  readonly release: string;
  /** `6.17.13`, for people and for comparing. */
  readonly version: string;
}

/** The smaller flavour has all that a lab needs, except NICs of real hardware; the other is not that of real time, `rt`. */
const IMAGES: Readonly<Record<Flavour, RegExp>> = {
  'cloud-amd64': /^linux-image-((\d+(?:\.\d+)+)\S*-cloud-amd64)$/,
  amd64: /^linux-image-((\d+(?:\.\d+)+)(?!\S*-(?:cloud|rt)-)\S*-amd64)$/,
};

/** The kernels of one flavour among names of packages, the oldest first. */
export function kernelsAmong(names: readonly string[], flavour: Flavour): readonly KernelPackage[] {
  const found = names.flatMap((name): KernelPackage[] => {
    const [, release, version] = IMAGES[flavour].exec(name) ?? [];
    return release === undefined || version === undefined ? [] : [{ release, version }];
  });
  return found.sort((a, b) => a.release.localeCompare(b.release, 'en', { numeric: true }));
}

/**
 * The newest kernel that a person means: `newest`, the beginning of a version (`6.1` is not 6.12), or a whole release;
 * null where there is none.
 */
export function chooseKernel(kernels: readonly KernelPackage[], wanted: string): KernelPackage | null {
  const fits = ({ release, version }: KernelPackage) =>
    wanted === 'newest' || release === wanted || version === wanted || version.startsWith(`${wanted}.`);
  return kernels.findLast(fits) ?? null;
}
