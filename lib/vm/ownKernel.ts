import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../userError.js';
import { bannerOf, startable } from './vmlinux.js';

/** A kernel that a person has built, or unpacked. */
export interface OwnKernel {
  /** Its file, absolute. */
  readonly image: string;
  /** What `uname -r` prints there. */
  readonly release: string;
  /** `.../RELEASE`, absolute. */
  readonly modules: string;
  /** What the kernel says of itself, with the number and time of its build. */
  readonly banner: string;
  /** What QEMU is to start. */
  readonly bytes: Buffer;
}

/** What makes a folder one of modules: depmod(8) and the kernel's `make modules_install` put these there. */
const MARKS = ['modules.order', 'modules.builtin', 'modules.dep', 'kernel'];

/** Where modules are below what is named, or below the folder with the image, or above it. */
const PLACES = ['', 'lib/modules', 'usr/lib/modules'];

/** Whether a person means a file of their own, and not a version of the mirror. */
export function isOwnKernel(wanted: string): boolean {
  if (wanted.includes('/')) return true;
  return !/^(newest|\d.*)$/.test(wanted) && existsSync(wanted);
}

const isModules = (folder: string): boolean => MARKS.some((name) => existsSync(join(folder, name)));

/** Names of the releases that a folder has modules of. */
function releasesIn(folder: string): readonly string[] {
  if (isModules(folder)) return [basename(folder)];
  return PLACES.flatMap((place) => {
    const root = join(folder, place);
    return isFolder(root) ? readdirSync(root).filter((name) => isModules(join(root, name))) : [];
  });
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function modulesIn(folder: string, release: string): string | null {
  if (basename(folder) === release && isModules(folder)) return folder;
  return PLACES.map((place) => join(folder, place, release)).find(isModules) ?? null;
}

/** What a person does who has no modules of this kernel. */
const INSTALL = 'in the build tree, make modules_install INSTALL_MOD_PATH=FOLDER, then --kernel-modules FOLDER';

/** What is lost without modules, told once. */
const COSTS = 'a kernel loads modules of its own release alone, and without any there is no guest';

/** Throws UserError where none of the folders has modules of this release. */
function findModules(image: string, release: string, named: readonly string[]): string {
  for (const folder of named)
    if (!isFolder(folder)) throw new UserError(`--kernel-modules ${folder}: there is no such folder`, INSTALL);
  const near = dirname(image);
  const folders = (named.length > 0 ? named : [near, dirname(near)]).map((folder) => resolve(folder));
  const found = folders.map((folder) => modulesIn(folder, release)).find((folder) => folder !== null);
  if (found !== undefined) return found;
  const where = folders.join(' and ');
  const others = [...new Set(folders.flatMap(releasesIn))];
  if (others.length > 0 && named.length > 0)
    throw new UserError(
      `${image} is kernel ${release}, but ${where} has modules of ${others.join(', ')}: ${COSTS}`,
      INSTALL,
    );
  throw new UserError(
    named.length > 0
      ? `${where} has no modules of kernel ${release} (${image}): ${COSTS}`
      : `${image} is kernel ${release}, of which there are no modules in or beside its folder: ${COSTS}`,
    INSTALL,
  );
}

/**
 * Reads the image of a kernel of a person's own. Throws UserError where it cannot be started.
 *
 * @param path of a bzImage, or of a vmlinux with CONFIG_PVH
 */
export function readImage(path: string): Omit<OwnKernel, 'modules'> {
  const image = resolve(path);
  const info = statSync(image, { throwIfNoEntry: false });
  if (info === undefined)
    throw new UserError(
      `--kernel ${path}: there is no such file`,
      '"newest", a version, or the path of a kernel: vmlinuz, or arch/x86/boot/bzImage of a build',
    );
  if (!info.isFile())
    throw new UserError(
      `--kernel ${path}: it is ${info.isDirectory() ? 'a folder' : 'no regular file'}`,
      'name the image itself: in a build tree, arch/x86/boot/bzImage',
    );
  const content = readFileSync(image);
  const banner = bannerOf(content);
  const release = banner?.split(' ')[0];
  if (banner === null || release === undefined || !/^\d+\.\d+[A-Za-z0-9.+~_-]*$/.test(release))
    throw new UserError(
      `--kernel ${path}: it is not a kernel of x86`,
      'a bzImage begins with the boot protocol, and a vmlinux is ELF: name one of these',
    );
  const bytes = startable(content);
  if (bytes === null)
    throw new UserError(
      `--kernel ${path}: QEMU cannot start it, as it is uncompressed and was built without CONFIG_PVH`,
      'name arch/x86/boot/bzImage of the same build',
    );
  return { image, release, banner, bytes };
}

/**
 * Finds what belongs to a kernel of a person's own. Throws UserError where it cannot be started.
 *
 * @param path as of `readImage`
 * @param modules folders that may have its modules; without any, those in which the image is, and the one above
 */
export function findOwnKernel(path: string, modules: readonly string[]): OwnKernel {
  const own = readImage(path);
  return { ...own, modules: findModules(own.image, own.release, modules) };
}
