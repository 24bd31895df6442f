import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { cachedPart } from './cache.js';
import { buildCommand, UNAVAILABLE } from './command.js';
import { chooseKernel, type KernelPackage } from './kernelNames.js';
import type { Flavour } from './hardware.js';
import type { Mirror } from './mirror.js';
import type { Progress } from './progress.js';
import { uncompressedKernel } from './vmlinux.js';

/** A folder with `vmlinux` and `tree/lib/modules/RELEASE`. */
export interface KernelPart {
  readonly release: string;
  readonly folder: string;
}

/** Throws UserError with the list of those that the mirror has. */
export async function findKernel(
  mirror: Pick<Mirror, 'kernels'>,
  wanted: string,
  flavour: Flavour,
): Promise<KernelPackage> {
  const kernels = await mirror.kernels(flavour);
  const found = chooseKernel(kernels, wanted);
  if (found !== null) return found;
  const versions = [...new Set(kernels.map(({ version }) => version))];
  throw new UserError(
    `the Debian mirror has no kernel ${wanted}`,
    `it has ${versions.join(', ') || 'none'}; "newest" is the last of them`,
  );
}

/**
 * A kernel is one package; since 6.19 it is several. A mirror may have lost some of those of an older one. Throws
 * UserError where it has.
 */
export async function packagesOf(
  mirror: Pick<Mirror, 'version'>,
  release: string,
): Promise<Readonly<Record<string, string>>> {
  const whole = `linux-image-${release}`;
  const parts = ['base', 'binary', 'modules'].map((part) => `linux-${part}-${release}`);
  const versions = await Promise.all(parts.map((name) => mirror.version(name)));
  if (versions.every((version) => version === null)) return { [whole]: (await mirror.version(whole)) ?? 'unknown' };
  const lost = parts.filter((_name, i) => versions[i] === null);
  if (lost.length > 0)
    throw new UserError(
      `the Debian mirror has not all of kernel ${release}: ${lost.join(' and ')} are missing`,
      'a newer version of it may be whole',
      UNAVAILABLE,
    );
  return Object.fromEntries(parts.map((name, i) => [name, versions[i] ?? '']));
}

/** Fetches and unpacks a kernel of the mirror. */
export async function kernelPart(mirror: Mirror, { release }: KernelPackage, say: Progress): Promise<KernelPart> {
  const packages = await packagesOf(mirror, release);
  const folder = await cachedPart(
    'kernel',
    { release, packages },
    async (building) => {
      say(`fetching kernel ${release}`);
      const debs = join(building, 'debs');
      const tree = join(building, 'tree');
      for (const made of [debs, tree]) mkdirSync(made);
      await mirror.download(`fetch kernel ${release}`, Object.keys(packages), debs);
      for (const deb of readdirSync(debs))
        await buildCommand(`unpack ${deb}`, ['dpkg-deb', '-x', join(debs, deb), tree]);
      rmSync(debs, { recursive: true });
      if (!existsSync(join(tree, 'lib'))) symlinkSync('usr/lib', join(tree, 'lib'));
      const places = [`lib/modules/${release}/vmlinuz`, `boot/vmlinuz-${release}`].map((path) => join(tree, path));
      const image = places.find((path) => existsSync(path));
      if (image === undefined) throw new UserError(`the packages of kernel ${release} hold no kernel`);
      writeFileSync(join(building, 'vmlinux'), uncompressedKernel(readFileSync(image), image));
      await buildCommand(`index the modules of ${release}`, ['depmod', '-b', tree, release]);
    },
    () => say(`another process is making kernel ${release}; waiting for it`),
  );
  return { release, folder };
}
