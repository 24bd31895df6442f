import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runProgram } from '../runProgram.js';
import { buildCommand } from './command.js';
import type { ModuleGroup } from './moduleList.js';

/** A module that the kernel does not have, and what is skipped for it. */
export interface MissingModule {
  readonly module: string;
  readonly costs: string;
}

/** A kernel's whole tree: `from/lib/modules/RELEASE`. */
export interface ModuleTree {
  readonly from: string;
  readonly release: string;
}

/**
 * The files of a module and of all that it needs, none for one that is built in; null where the kernel does not have it.
 */
async function filesOf({ from, release }: ModuleTree, module: string): Promise<readonly string[] | null> {
  const { code, stdout } = await runProgram('modprobe', ['-d', from, '-S', release, '--show-depends', module]);
  if (code !== 0) return null;
  return stdout.split('\n').flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
}

/**
 * Puts modules, and what they need, into a root, decompressed. Each is looked up by itself, so that one that is missing
 * takes no other with it. Returns those that are missing.
 */
export async function copyModules(
  tree: ModuleTree,
  root: string,
  groups: readonly ModuleGroup[],
): Promise<readonly MissingModule[]> {
  const source = join(tree.from, 'lib/modules', tree.release);
  const target = join(root, 'lib/modules', tree.release);
  mkdirSync(target, { recursive: true });
  const missing: MissingModule[] = [];
  const files = new Set<string>();
  for (const { costs, modules } of groups)
    for (const module of modules) {
      const found = await filesOf(tree, module);
      if (found === null) missing.push({ module, costs });
      else found.forEach((file) => files.add(file));
    }
  for (const file of files) {
    // modprobe may print its own way to the same folder.
    const inside = file.slice(file.indexOf(`/${tree.release}/`) + tree.release.length + 2);
    const to = join(target, inside.replace(/\.(xz|zst|gz)$/, ''));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(source, inside), join(target, inside));
    if (inside.endsWith('.xz')) await buildCommand('unpack a module', ['xz', '-df', join(target, inside)]);
    if (inside.endsWith('.gz')) await buildCommand('unpack a module', ['gzip', '-df', join(target, inside)]);
    if (inside.endsWith('.zst')) await buildCommand('unpack a module', ['zstd', '-dqf', '--rm', join(target, inside)]);
  }
  for (const list of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'])
    if (existsSync(join(source, list))) copyFileSync(join(source, list), join(target, list));
  await buildCommand(`index the modules in ${relative(dirname(root), root)}`, ['depmod', '-b', root, tree.release]);
  return missing;
}
