import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../userError.js';
import { cachedPart, cacheFolder, madeOf } from './cache.js';
import { buildCommand } from './command.js';
import type { KernelPart } from './kernelPart.js';
import type { OwnKernel } from './ownKernel.js';
import type { Progress } from './progress.js';

/** What depmod(8) reads; the rest of its files it makes anew. */
const LISTS = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'];
const MODULE = /\.ko(\.(xz|zst|gz))?$/;

/** Paths in a folder of modules. Links to the build tree are not followed. */
function filesIn(modules: string): readonly string[] {
  const found = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && MODULE.test(entry.name))
    .map((entry) => relative(modules, join(entry.parentPath, entry.name)));
  return [...LISTS.filter((name) => existsSync(join(modules, name))), ...found].sort();
}

/** Of a file's content; `image` of what a kernel of a person's own is kept by. */
export const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Of names and contents, so that a build of the same release is never taken for another. */
function digestOfFiles(modules: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${digest(readFileSync(join(modules, file)))}\n`);
  return hash.digest('hex');
}

/** Copies a kernel of a person's own into the cache, by its content. */
export async function ownKernelPart(own: OwnKernel, say: Progress): Promise<KernelPart> {
  const { release, modules, bytes } = own;
  say(`kernel ${own.banner}: ${own.image}, with ${modules}`);
  const files = filesIn(modules);
  const ingredients = { release, image: digest(bytes), modules: digestOfFiles(modules, files) };
  const folder = await cachedPart(
    'kernel',
    ingredients,
    async (building) => {
      say(`copying kernel ${release}`);
      const tree = join(building, 'tree');
      const target = join(tree, 'lib/modules', release);
      mkdirSync(target, { recursive: true });
      for (const file of files) {
        mkdirSync(dirname(join(target, file)), { recursive: true });
        copyFileSync(join(modules, file), join(target, file));
      }
      writeFileSync(join(building, 'vmlinux'), bytes);
      await buildCommand(`index the modules of ${release}`, ['depmod', '-b', tree, release]);
    },
    () => say(`another process copies kernel ${release}; waiting for it`),
  );
  return { release, folder };
}

/** How a kernel is named that is in the cache already. */
const KEPT = /^kernel-[0-9a-f]{16}$/;

export const isKeptKernel = (wanted: string): boolean => KEPT.test(wanted);

/** The kernel with that name. Throws UserError where it has been removed. */
export function keptKernel(name: string): KernelPart {
  const folder = join(cacheFolder(), name);
  const release = madeOf(folder)?.['release'];
  if (typeof release === 'string') return { release, folder };
  throw new UserError(`${name} is no longer in the cache of guests`, 'name the kernel itself again');
}
