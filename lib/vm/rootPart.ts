import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { cachedPart } from './cache.js';
import { buildCommand } from './command.js';
import type { Mirror } from './mirror.js';
import type { Progress } from './progress.js';

const SUITE = 'trixie';
const PACKAGES = [
  'iproute2',
  'tcpdump',
  'ethtool',
  'iputils-ping',
  'iputils-arping',
  'openvswitch-switch',
  'nftables',
  'kmod',
  'procps',
  'lldpd',
];
/** The first iproute2 that knows `broadcast_neighbor` is in a later suite; it runs on this root. */
const NEWER = 'iproute2/forky';

/** The one that is linked statically: it runs where nothing else is. Never installed here, for it replaces another. */
const BUSYBOX = 'busybox-static';

/** A folder with `root`, the guest's root without modules, and `busybox`, the program of its first stage. */
export async function rootPart(mirror: Mirror, say: Progress): Promise<string> {
  const newer = await mirror.version('iproute2');
  const busybox = await mirror.version(BUSYBOX);
  return cachedPart(
    'root',
    { suite: SUITE, packages: PACKAGES, newer, busybox },
    async (building) => {
      say('making the root of guests');
      const root = join(building, 'root');
      const without = ['man', 'locale', 'doc'].map((part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`);
      await buildCommand(
        'make the root of guests',
        [
          'mmdebstrap',
          '--quiet',
          '--variant=minbase',
          '--aptopt=Acquire::Check-Valid-Until "false"',
          '--aptopt=APT::Install-Recommends "false"',
          ...without,
          `--include=${PACKAGES.join(',')}`,
          SUITE,
          root,
          mirror.address,
        ],
        { hint: 'apt-get install mmdebstrap erofs-utils cpio zstd xz-utils kmod' },
      );
      await unpack(mirror, 'iproute2', NEWER, root);
      const unpacked = join(building, 'unpacked');
      await unpack(mirror, BUSYBOX, BUSYBOX, unpacked);
      const places = ['bin/busybox', 'usr/bin/busybox'].map((path) => join(unpacked, path));
      const program = places.find((path) => existsSync(path));
      if (program === undefined) throw new UserError(`the package ${BUSYBOX} of the mirror holds no busybox`);
      copyFileSync(program, join(building, 'busybox'));
      rmSync(unpacked, { recursive: true });
    },
    () => say('another process is making the root of guests; waiting for it'),
  );
}

/** Fetches one package and puts its files into a folder, without running anything of it. */
async function unpack(mirror: Mirror, name: string, wanted: string, into: string): Promise<void> {
  const debs = `${into}-debs`;
  mkdirSync(debs);
  await mirror.download(`fetch ${name}`, [wanted], debs);
  for (const deb of readdirSync(debs)) await buildCommand(`unpack ${deb}`, ['dpkg-deb', '-x', join(debs, deb), into]);
  rmSync(debs, { recursive: true });
}
