import { findTool } from './searchPath.mjs';

/**
 * @typedef {'start' | 'test'} Purpose
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {readonly string[]} tools the package is there when all of these are found
 * @property {string} what what it is for, one phrase
 * @property {Purpose} neededBy what `start` needs, `test` needs too
 */

/** @type {readonly DebianPackage[]} */
export const DEBIAN_PACKAGES = [
  {
    name: 'openvswitch-switch',
    tools: ['ovs-vswitchd', 'ovsdb-server', 'ovsdb-tool', 'ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
    what: "the leaf switches and the host's bond (runs in namespaces of our own, never as a system service)",
    neededBy: 'start',
  },
  { name: 'tcpdump', tools: ['tcpdump'], what: 'captures on every leaf port', neededBy: 'start' },
  { name: 'iproute2', tools: ['ip', 'tc'], what: 'namespaces, links and addresses of the lab', neededBy: 'start' },
  {
    name: 'nftables',
    tools: ['nft'],
    what: 'one-way loss and silenced protocols on a leg, and copies of what is handed to a dead one',
    neededBy: 'start',
  },
  { name: 'iputils-ping', tools: ['ping'], what: 'neighbor frames made by a real stack', neededBy: 'start' },
  {
    name: 'util-linux',
    tools: ['unshare', 'nsenter', 'setpriv', 'flock'],
    what: 'namespaces that vanish with the run, and the lock of a lab that stands',
    neededBy: 'start',
  },
  {
    name: 'frr',
    tools: ['vtysh'],
    what: 'routing daemons of the fabric scenarios, which are skipped without it (runs in namespaces of our own, never as a system service)',
    neededBy: 'test',
  },
  {
    name: 'tshark',
    tools: ['tshark', 'dumpcap'],
    what: 'an independent decoder that our own is tested against, and a writer of captures',
    neededBy: 'test',
  },
  { name: 'chromium', tools: ['chromium'], what: 'opens the HTML report in its tests', neededBy: 'test' },
  {
    name: 'g++',
    tools: ['g++'],
    what: 'compiles raw-socket, another sender whose frames the captures are tested with',
    neededBy: 'test',
  },
  { name: 'make', tools: ['make'], what: 'the same', neededBy: 'test' },
  { name: 'python3', tools: ['python3'], what: 'the same', neededBy: 'test' },
  {
    name: 'openssh-server',
    tools: ['sshd'],
    what: 'servers in namespaces of our own, which the client of lib/ssh is tested against (never as a system service)',
    neededBy: 'test',
  },
  { name: 'openssh-client', tools: ['ssh', 'ssh-keygen', 'ssh-agent'], what: 'keys for these tests', neededBy: 'test' },
  { name: 'dropbear-bin', tools: ['dropbear', 'dropbearkey'], what: 'the same with another server', neededBy: 'test' },
  { name: 'busybox', tools: ['busybox'], what: 'the same with the shell of small machines', neededBy: 'test' },
  { name: 'sudo', tools: ['sudo'], what: 'the same with a user who is not root', neededBy: 'test' },
  {
    name: 'socat',
    tools: ['socat'],
    what: 'sends frames where a machine has neither Python nor Perl',
    neededBy: 'test',
  },
  {
    name: 'zstd',
    tools: ['zstd'],
    what: 'reads captures that are compressed with zstd, and kernels',
    neededBy: 'test',
  },
  {
    name: 'qemu-system-x86',
    tools: ['qemu-system-x86_64'],
    what: "runs guests, in which the newest kernel's own replicator is tried",
    neededBy: 'test',
  },
  { name: 'mmdebstrap', tools: ['mmdebstrap'], what: 'makes the root of these guests', neededBy: 'test' },
  { name: 'erofs-utils', tools: ['mkfs.erofs'], what: 'the same', neededBy: 'test' },
  { name: 'cpio', tools: ['cpio'], what: 'the same', neededBy: 'test' },
  { name: 'kmod', tools: ['depmod', 'modprobe'], what: 'picks the modules that their kernels need', neededBy: 'test' },
  { name: 'xz-utils', tools: ['xz'], what: 'unpacks them', neededBy: 'test' },
];

/**
 * Looks for the tools, not at the package database: a tool that was built by hand is as good, and a broken package is
 * not.
 * @param {Purpose} purpose
 * @param {readonly string[]} folders
 * @param {readonly DebianPackage[]} table
 * @returns {readonly (DebianPackage & { readonly missing: readonly string[] })[]}
 */
export function missingPackages(purpose, folders, table = DEBIAN_PACKAGES) {
  return table
    .filter((debian) => purpose === 'test' || debian.neededBy === 'start')
    .map((debian) => ({ ...debian, missing: debian.tools.filter((tool) => findTool(tool, folders) === null) }))
    .filter((debian) => debian.missing.length > 0);
}

/**
 * The Debian package that brings a tool, for messages.
 * @param {string} tool
 * @returns {string | null}
 */
export function packageOf(tool) {
  return DEBIAN_PACKAGES.find((debian) => debian.tools.includes(tool))?.name ?? null;
}

/**
 * One line per package: name, what it is for, what is missing of it.
 * @param {readonly (DebianPackage & { readonly missing: readonly string[] })[]} missing
 */
export function listPackages(missing) {
  const width = Math.max(...missing.map((debian) => debian.name.length));
  return missing
    .map((debian) => `  ${debian.name.padEnd(width)}  ${debian.what} (not found: ${debian.missing.join(', ')})`)
    .join('\n');
}

/** @param {readonly { readonly name: string }[]} missing */
export function installArguments(missing) {
  return ['install', '-y', '--no-install-recommends', ...missing.map((debian) => debian.name)];
}
