import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { environmentFor } from './machine.mjs';
import { say, SetupError } from './say.mjs';

/** Switches that close user namespaces, the value that closes them, and how to open them. */
const USERNS_SWITCHES = [
  {
    key: 'kernel.unprivileged_userns_clone',
    closed: '0',
    open: 'sysctl -w kernel.unprivileged_userns_clone=1',
    where: 'Debian',
  },
  {
    key: 'user.max_user_namespaces',
    closed: '0',
    open: 'sysctl -w user.max_user_namespaces=15000',
    where: 'any Linux',
  },
  {
    key: 'kernel.apparmor_restrict_unprivileged_userns',
    closed: '1',
    open: 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    where: 'Ubuntu',
  },
];

/**
 * @param {(key: string) => string | null} sysctl value of a switch; null where the kernel has none
 * @param {string} output what the attempt printed
 * @returns {string}
 */
export function explainClosedUserNamespaces(sysctl, output) {
  const guilty = USERNS_SWITCHES.filter((entry) => sysctl(entry.key) === entry.closed);
  const said = output.trim() === '' ? '' : `\n  It said: ${output.trim().split('\n').slice(-1)[0] ?? ''}`;
  const tried = `user namespaces are closed to this user (tried: unshare --user --map-root-user true).${said}`;
  if (guilty.length === 0) {
    return (
      `${tried}\n  None of the usual switches is to blame (${USERNS_SWITCHES.map((entry) => entry.key).join(', ')}):\n` +
      '  in a container, its runtime forbids it (for Docker: --security-opt seccomp=unconfined); elsewhere, run as root.'
    );
  }
  return `${tried}\n${guilty.map((entry) => `  ${entry.key} is ${entry.closed} (${entry.where}). As root:  ${entry.open}`).join('\n')}\n  Or run as root.`;
}

/**
 * @param {string | undefined} code errno name of the failed open
 * @param {string} device
 * @returns {string}
 */
export function explainClosedTun(code, device) {
  const why = `Open vSwitch needs ${device} for its userspace datapath`;
  switch (code) {
    case 'ENOENT':
      return `${why}, and it does not exist. As root:\n  modprobe tun; mkdir -p ${dirname(device)} && mknod -m 0666 ${device} c 10 200`;
    case 'ENODEV':
    case 'ENXIO':
      return `${why}, and the kernel has no driver behind it. As root:  modprobe tun\n  (in a container: on the machine that runs it)`;
    case 'EACCES':
      return `${why}, and this user may not open it. As root:  chmod 0666 ${device}`;
    case 'EPERM':
      return `${why}, and opening it is not permitted: the container's device list leaves it out (for Docker: --device ${device}).`;
    default:
      return `${why}, and opening it failed (${code ?? 'unknown error'}).`;
  }
}

/** @param {string} device @returns {string | null} errno name of the failure; null when it opens */
function tryTun(device) {
  try {
    closeSync(openSync(device, 'r+'));
    return null;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code ?? 'unknown error';
  }
}

/**
 * What keeps a lab from opening its tun device, and how to open it; null when nothing does. Changes nothing.
 * @param {import('./machine.mjs').Machine} machine
 * @returns {string | null}
 */
export function tunProblem(machine) {
  const code = tryTun(machine.tunDevice);
  return code === null ? null : explainClosedTun(code, machine.tunDevice);
}

/**
 * Tries what a lab in namespaces needs: the namespaces, and the tun device. Root gets a missing device made.
 * @param {import('./machine.mjs').Machine} machine
 * @throws {SetupError} naming what is closed and how to open it
 */
export function requirePrivileges(machine) {
  const closed = namespacesProblem(machine);
  if (closed !== null) throw new SetupError(closed);
  const env = environmentFor(machine);
  let code = tryTun(machine.tunDevice);
  if (machine.uid === 0 && (code === 'ENOENT' || code === 'ENODEV')) {
    say(`${machine.tunDevice} is not usable (${code}): trying modprobe tun and mknod`);
    spawnSync('modprobe', ['tun'], { env, stdio: 'ignore' });
    if (!existsSync(machine.tunDevice)) {
      mkdirSync(dirname(machine.tunDevice), { recursive: true });
      spawnSync('mknod', ['-m', '0666', machine.tunDevice, 'c', '10', '200'], { env, stdio: ['ignore', 2, 2] });
    }
    code = tryTun(machine.tunDevice);
  }
  if (code !== null) throw new SetupError(explainClosedTun(code, machine.tunDevice));
}

/**
 * What keeps us from namespaces of our own, and how to open them; null when nothing does.
 * @param {import('./machine.mjs').Machine} machine
 * @returns {string | null}
 */
export function namespacesProblem(machine) {
  const root = machine.uid === 0;
  const env = environmentFor(machine);
  const namespaces = [
    ...(root ? [] : ['--user', '--map-root-user']),
    '--mount',
    '--net',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  const attempt = spawnSync('unshare', [...namespaces, 'true'], { env, encoding: 'utf8' });
  if (attempt.status === 0) return null;
  if (!root) {
    const user = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { env, encoding: 'utf8' });
    if (user.status !== 0)
      return explainClosedUserNamespaces((key) => readSysctl(machine.sysctlFolder, key), words(user));
  }
  return (
    `namespaces are closed (tried: unshare ${namespaces.join(' ')} true).\n  It said: ${words(attempt)}\n` +
    '  In a container, start it with --privileged, or with CAP_SYS_ADMIN, CAP_NET_ADMIN and an unmasked /proc.'
  );
}

/**
 * What a program said; where it could not be started at all, why. @param
 * {import('node:child_process').SpawnSyncReturns<string>} attempt
 */
function words(attempt) {
  return attempt.error === undefined ? attempt.stderr.trim() : attempt.error.message;
}

/** @param {string} folder @param {string} key @returns {string | null} */
function readSysctl(folder, key) {
  try {
    return readFileSync(join(folder, key.replaceAll('.', '/')), 'utf8').trim();
  } catch {
    return null;
  }
}
