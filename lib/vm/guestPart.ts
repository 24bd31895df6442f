import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { cachedPart } from './cache.js';
import { buildCommand } from './command.js';
import type { Hardware } from './hardware.js';
import { firstStage, SECOND_STAGE } from './init.js';
import type { KernelPart } from './kernelPart.js';
import { BOOT_MODULES, LAB_MODULES } from './moduleList.js';
import { copyModules, type MissingModule } from './modules.js';
import type { Progress } from './progress.js';
import type { Qemu } from './qemuProgram.js';

/** All that QEMU needs: `vmlinux`, `initrd.cpio`, `root.erofs`, and `missing.json`. */
export interface Guest {
  readonly folder: string;
  /** Folder of the disk with our programs. */
  readonly programs: string;
  readonly release: string;
  readonly hardware: Hardware;
  readonly qemu: Qemu;
}

/** What a guest is made of. */
export interface GuestParts {
  readonly kernel: KernelPart;
  /** Folder of its root. */
  readonly root: string;
  /** Folder of the disk with our programs. */
  readonly programs: string;
  readonly hardware: Hardware;
  readonly qemu: Qemu;
}

async function makeInitrd(kernel: KernelPart, rootFolder: string, building: string, first: string): Promise<void> {
  const root = join(building, 'initrd');
  for (const folder of ['bin', 'dev', 'proc', 'sys', 'ro', 'rw', 'new'])
    mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(join(rootFolder, 'busybox'), join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  symlinkSync('busybox', join(root, 'bin/sh'));
  const scripts = { init: first, 'second-stage': SECOND_STAGE };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(root, name), text);
    chmodSync(join(root, name), 0o755);
  }
  const tree = { from: join(kernel.folder, 'tree'), release: kernel.release };
  // Some kernels have one of these built in, and modprobe then names no file; one that is not there at all is fatal.
  const missing = await copyModules(tree, root, [{ costs: 'the guest', modules: BOOT_MODULES }]);
  const fatal = missing.filter(({ module }) => module !== 'virtio_console');
  if (fatal.length > 0)
    throw new UserError(
      `kernel ${kernel.release} cannot start a guest: it has no module ${fatal.map(({ module }) => module).join(', ')}`,
      'one that you have built needs CONFIG_VIRTIO_PCI, VIRTIO_BLK, VIRTIO_CONSOLE, EROFS_FS and OVERLAY_FS, as m or y',
    );
  const pack = 'cd "$1" && find . | cpio -o -H newc --quiet > "$2"';
  await buildCommand('pack the first stage', ['sh', '-c', pack, 'sh', root, join(building, 'initrd.cpio')], {
    hint: 'apt-get install cpio',
  });
  rmSync(root, { recursive: true });
}

/** What the hardware cannot be without. Throws UserError. */
function requireDrivers(release: string, { modules, config }: Hardware, missing: readonly MissingModule[]): void {
  const needed = modules.flatMap((group) => group.modules);
  const lost = missing.filter(({ module }) => needed.includes(module));
  if (lost.length > 0)
    throw new UserError(
      `kernel ${release} has no ${[...new Set(lost.map(({ costs }) => costs))].join(', and no ')}: it has no module ${lost.map(({ module }) => module).join(', ')}`,
      `one that you have built needs ${config}, as m or y`,
    );
}

/** Puts a kernel and a root together. What the kernel lacks is in `missing.json`, with what it costs. */
export async function guestPart(
  { kernel, root: rootFolder, programs, hardware, qemu }: GuestParts,
  say: Progress,
): Promise<Guest> {
  const modules = [...LAB_MODULES, ...hardware.modules];
  const first = firstStage(hardware.early);
  const ingredients = {
    kernel: kernel.folder,
    root: rootFolder,
    first,
    second: SECOND_STAGE,
    // By the name that it has in the parts that are there already.
    LAB_MODULES: modules,
  };
  const folder = await cachedPart(
    'guest',
    { release: kernel.release, ...ingredients },
    async (building) => {
      say(`making a guest of kernel ${kernel.release}`);
      const root = join(building, 'root');
      await buildCommand('copy the root', ['cp', '-a', '--reflink=auto', join(rootFolder, 'root'), root]);
      const tree = { from: join(kernel.folder, 'tree'), release: kernel.release };
      const missing = await copyModules(tree, root, modules);
      requireDrivers(kernel.release, hardware, missing);
      for (const { module, costs } of missing) say(`kernel ${kernel.release} has no module ${module}: no ${costs}`);
      writeFileSync(join(building, 'missing.json'), JSON.stringify(missing));
      await buildCommand('pack the root', ['mkfs.erofs', join(building, 'root.erofs'), root], {
        hint: 'apt-get install erofs-utils',
      });
      rmSync(root, { recursive: true });
      await makeInitrd(kernel, rootFolder, building, first);
      copyFileSync(join(kernel.folder, 'vmlinux'), join(building, 'vmlinux'));
    },
    () => say(`another process is making a guest of kernel ${kernel.release}; waiting for it`),
  );
  return { folder, programs, release: kernel.release, hardware, qemu };
}
