import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { cachedPart } from './cache.js';
import { buildCommand, UNAVAILABLE } from './command.js';
import type { Hardware } from './hardware.js';
import type { Mirror } from './mirror.js';
import type { Progress } from './progress.js';
import { versionOf, type Qemu } from './qemuProgram.js';

const PACKAGE = 'qemu-system-x86';
/** The one suite of Debian whose own QEMU is too old, and where a newer one for it is. */
const OLD = 'bookworm';
const NEWER = 'bookworm-backports';

/** Where a package of Debian has libraries (Debian Policy 9.1.1, multiarch), programs, and what QEMU reads. */
const PLACES = {
  libraries: 'usr/lib/x86_64-linux-gnu',
  program: 'usr/bin/qemu-system-x86_64',
  data: ['usr/share/qemu', 'usr/share/seabios'],
} as const;

/** `7` of `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)`; null where there is no number. */
export function majorOf(version: string): number | null {
  const major = /\bversion (\d+)\./.exec(version)?.[1];
  return major === undefined ? null : Number(major);
}

const suffices = (version: string, { qemu }: Pick<Hardware, 'qemu'>): boolean =>
  qemu === null || (majorOf(version) ?? 0) >= qemu;

/** `VERSION_CODENAME` of os-release(5); null where it has none. */
export const codenameIn = (osRelease: string): string | null =>
  /^VERSION_CODENAME="?([^"\n]+)"?$/m.exec(osRelease)?.[1] ?? null;

const ownCodename = (): string | null =>
  existsSync('/etc/os-release') ? codenameIn(readFileSync('/etc/os-release', 'utf8')) : null;

/** It finds its own libraries, modules and firmware below a folder, and none of the machine's QEMU. */
function qemuIn(folder: string): Omit<Qemu, 'version'> {
  const at = (path: string) => join(folder, 'tree', path);
  return {
    program: at(PLACES.program),
    options: PLACES.data.flatMap((path) => ['-L', at(path)]),
    env: { LD_LIBRARY_PATH: at(PLACES.libraries), QEMU_MODULE_DIR: at(join(PLACES.libraries, 'qemu')) },
  };
}

/**
 * A QEMU that has the devices of this hardware: the machine's own where it is new enough, or one that is unpacked into
 * the cache, and never installed. Throws UserError where there is none to be had.
 *
 * @param own the machine's
 * @param codename of the machine's Debian; is replaced in tests
 */
export async function qemuPart(
  mirror: Pick<Mirror, 'lackingHere' | 'download'>,
  own: Qemu,
  hardware: Pick<Hardware, 'name' | 'qemu'>,
  say: Progress,
  codename: string | null = ownCodename(),
): Promise<Qemu> {
  if (suffices(own.version, hardware)) return own;
  const wanted = `QEMU ${hardware.qemu} or newer, for ${hardware.name}; this machine has ${own.version}`;
  if (codename !== OLD) throw new UserError(`there is no ${wanted}`, `install a newer ${PACKAGE}`, UNAVAILABLE);
  const packages = await mirror.lackingHere(PACKAGE, [OLD, NEWER]);
  if (!packages.some((one) => one.startsWith(`${PACKAGE}=`)))
    throw new UserError(`there is no ${wanted}`, `the Debian mirror has no ${PACKAGE} in ${NEWER}`, UNAVAILABLE);
  const folder = await cachedPart(
    'qemu',
    { packages },
    async (building) => {
      say(
        `fetching ${packages.find((one) => one.startsWith(`${PACKAGE}=`))} from ${NEWER}: the QEMU of this machine is too old`,
      );
      const debs = join(building, 'debs');
      const tree = join(building, 'tree');
      for (const made of [debs, tree]) mkdirSync(made);
      await mirror.download(`fetch ${packages.join(' ')}`, packages, debs);
      for (const deb of readdirSync(debs))
        await buildCommand(`unpack ${deb}`, ['dpkg-deb', '-x', join(debs, deb), tree]);
      rmSync(debs, { recursive: true });
      await runs(qemuIn(building), hardware);
    },
    () => say('another process is fetching QEMU; waiting for it'),
  );
  return runs(qemuIn(folder), hardware);
}

/** Tries it. Throws UserError where it does not run, or is too old all the same. */
async function runs(qemu: Omit<Qemu, 'version'>, hardware: Pick<Hardware, 'name' | 'qemu'>): Promise<Qemu> {
  const version = await versionOf(qemu);
  if (version !== null && suffices(version, hardware)) return { ...qemu, version };
  throw new UserError(
    `the ${PACKAGE} of ${NEWER} ${version === null ? 'does not run here' : `is ${version}`}, and ${hardware.name} needs QEMU ${hardware.qemu} or newer`,
    `apt-get install ${PACKAGE}/${NEWER} says what is in its way`,
    UNAVAILABLE,
  );
}
