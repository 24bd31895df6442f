import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { generateCaptures, type Generated } from './generate.js';
import { scratchFolder } from './scratch.js';

export const HOSTS = 64;
const RATE = 10_000;
const SEED = 7;

/** The command line that judges captures, with the build in a folder: this one unless it is named. */
export function judgeLine({ files, hosts }: Generated, folder: string, build = PACKAGE_ROOT): string[] {
  const hostFile = join(folder, 'hosts.txt');
  writeFileSync(hostFile, hosts.map((mac, i) => `${mac} host${i}\n`).join(''));
  return [
    process.execPath,
    join(build, 'dist/lib/cli/main.js'),
    'judge',
    ...files.map((file, i) => `leaf-${i}=${file}`),
    '--host-file',
    hostFile,
    '--profile',
    'ovs-group',
  ];
}

/** Captures of so many leaves and frames each, in a folder that is gone afterwards. */
export async function withCaptures<T>(
  leaves: number,
  frames: number,
  act: (made: Generated, folder: string) => Promise<T> | T,
): Promise<T> {
  const folder = scratchFolder();
  try {
    return await act(generateCaptures({ folder, leaves, frames, seed: SEED, hosts: HOSTS, rate: RATE }), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
