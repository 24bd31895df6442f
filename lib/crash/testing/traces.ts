import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunProcess } from './marked.js';

/** Names that links of the default lab have; other programs make links of their own while we look. */
const LINK_NAMES = /^(up-[ab]|to-host|vm\d|br0|gw-.*|ovs-netdev)$/;
const OUR_FILES = /everyleaf|netns|openvswitch/;
const OUR_MOUNTS = /everyleaf|nsfs|netns| \/run tmpfs /;

/** What a lab could leave on this machine outside its namespaces. */
export function traces(): readonly string[] {
  return [
    ...readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => OUR_MOUNTS.test(line))
      .map((line) => `mount ${line}`),
    ...readdirSync('/sys/class/net')
      .filter((link) => LINK_NAMES.test(link))
      .map((link) => `link ${link}`),
    ...readdirSync('/run')
      .filter((file) => OUR_FILES.test(file))
      .map((file) => `file /run/${file}`),
    // Only root may ask; a user's labs are in a user namespace, which has no way to this one.
    ...spawnSync('nft', ['list', 'tables'], { encoding: 'utf8' })
      .output.join('\n')
      .split('\n')
      .filter((line) => line.includes('everyleaf'))
      .map((line) => `nft ${line}`),
  ];
}

/**
 * What is left of something that was killed: processes, what was not there before it, and files in its own folder for
 * temporary ones.
 */
export function leftOf(
  alive: readonly RunProcess[],
  before: ReadonlySet<string>,
  temporary: string,
): readonly string[] {
  return [
    ...alive.map((one) => `process ${one.pid} in ${one.network || 'our network'}: ${one.command}`),
    ...traces().filter((trace) => !before.has(trace)),
    ...readdirSync(temporary, { recursive: true }).map((entry) => `file ${join('$TMPDIR', String(entry))}`),
  ];
}
