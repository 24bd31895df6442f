import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { DURATIONS } from '../../durations.js';
import { runProgram } from '../../runProgram.js';
import { shellWord } from '../../shellQuote.js';
import { until } from '../../until.js';
import { UserError } from '../../userError.js';
import { must } from './must.js';
import type { Server } from './openssh.js';
import { writeUsers, type Users } from './users.js';

/** A machine in namespaces: its own network, processes, users, /tmp and /run, and a real server of ssh. */
export interface LocalMachine {
  readonly name: string;
  /** As this machine sees it: pid 1 of the other. */
  readonly pid: number;
  /** The public host key: type and base64. */
  readonly hostKey: string;
  /** What its server has logged. */
  readonly log: () => string;
  /** Runs a program there, behind the back of ssh. */
  readonly inside: (...argv: readonly string[]) => Promise<string>;
  kill(): void;
  /** Resolves when its processes have ended. */
  readonly ended: Promise<void>;
}

/** The link by which it is reached: a /30 of two addresses. */
export interface WayIn {
  /** Its name on this side. */
  readonly port: string;
  readonly near: string;
  readonly far: string;
  /** In whose network this side is; null for the network of the calling thread. */
  readonly behind: LocalMachine | null;
}

export interface Boot {
  readonly name: string;
  /** Made here, and not removed; the machine sees it as /mnt. */
  readonly folder: string;
  readonly users: Users;
  readonly way: WayIn;
  /** Makes what the server needs, in the folder. */
  readonly prepareServer: (folder: string) => Promise<Server>;
  /** More commands of a shell, run there as root before the server starts; /mnt is the folder. */
  readonly prepare?: readonly string[];
  /** A folder that is there under the same path, also where that is below /tmp or /run; only to be read. */
  readonly keeps?: string;
}

/** What each machine has of its own, so that nobody sees there what is on this one. */
const OWN = /^\/(?:tmp|run)\//;

/** Lets a folder wait in the machine's own one while /tmp and /run are made. */
const keeping = (folder: string | undefined, commands: string): string => {
  if (folder === undefined || !OWN.test(folder)) return commands;
  const at = shellWord(folder);
  return [
    `mkdir /mnt/keeps; mount --bind ${at} /mnt/keeps`,
    commands,
    `mkdir -p ${at}; mount --bind /mnt/keeps ${at}; mount -o remount,bind,ro ${at}; umount /mnt/keeps`,
  ].join('\n');
};

/** Runs in the new namespaces; $1 is the machine's folder, $2 its name, the other arguments are the server. */
const INIT = (prepare: readonly string[], keeps: string | undefined): string =>
  [
    'set -e',
    'mount --bind "$1" /mnt',
    keeping(
      keeps,
      'mount -t tmpfs -o mode=1777 tmp /tmp; mount -t tmpfs -o mode=755 run /run; mkdir /run/sshd; mount -t sysfs sys /sys',
    ),
    'for f in passwd group shadow sudoers; do [ ! -e /etc/$f ] || mount --bind /mnt/$f /etc/$f; done',
    '[ ! -d /etc/sudoers.d ] || mount -t tmpfs none /etc/sudoers.d',
    'hostname "$2"',
    ...prepare,
    'ip link set lo up; echo up; read -r go; shift 2; exec "$@" </dev/null',
  ].join('\n');

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

/**
 * Boots a machine. It ends with the thread that booted it, whatever ends that: the kernel then kills its first process,
 * and with that all of its processes; links, mounts and rules go with its namespaces. Needs root.
 *
 * @throws UserError with what it said when it does not come up.
 */
export async function bootMachine({
  name,
  folder,
  users,
  way,
  prepareServer,
  prepare = [],
  keeps,
}: Boot): Promise<LocalMachine> {
  await mkdir(folder);
  await chmod(folder, 0o711);
  await writeUsers(folder, users);
  const server = await prepareServer(folder);
  const spaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child=KILL', '--mount-proc'];
  const child: ChildProcess = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      ...spaces,
      'sh',
      '-c',
      INIT(prepare, keeps),
      'init',
      folder,
      name,
      ...server.argv,
    ],
    // A session of its own: Ctrl-C at our terminal is for us, who then end it in order.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin?.on('error', () => undefined); // it has ended, which is noticed below
  const ended = once(child, 'close').then(
    () => undefined,
    (error: unknown) => void (said += String(error)),
  );
  let isOver = false;
  void ended.then(() => (isOver = true));
  const failed = () => new UserError(`${name} does not come up on this machine: ${said.trim()}`, null, 69);
  const says = (pattern: RegExp) =>
    until(
      `${name} to boot`,
      DURATIONS.machineBoot,
      () => (isOver ? Promise.reject(failed()) : Promise.resolve(pattern.test(said) || null)),
      () => said,
    );
  try {
    await says(/^up$/m);
    const pid = childOf(child.pid ?? 0);
    const inside = async (...argv: readonly string[]) => {
      const { code, stdout, stderr } = await runProgram('nsenter', [
        '-t',
        String(pid),
        '-n',
        '-m',
        '-p',
        '--',
        ...argv,
      ]);
      if (code !== 0) throw new UserError(`${name}: ${argv.join(' ')}: ${stderr}`, null, 69);
      return stdout;
    };
    const { port, near, far, behind } = way;
    const onNearSide = (...argv: readonly string[]) =>
      behind === null ? must('ip', ...argv) : must('nsenter', '-t', String(behind.pid), '-n', '--', 'ip', ...argv);
    await onNearSide('link', 'add', port, 'type', 'veth', 'peer', 'name', 'mgmt', 'netns', String(pid));
    await onNearSide('addr', 'add', `${near}/30`, 'dev', port);
    await onNearSide('link', 'set', port, 'up');
    await inside('ip', 'addr', 'add', `${far}/30`, 'dev', 'mgmt');
    await inside('ip', 'link', 'set', 'mgmt', 'up');
    child.stdin?.write('go\n');
    await says(/Server listening on|Not backgrounding/);
    return {
      name,
      pid,
      hostKey: server.hostKey,
      log: () => said,
      inside,
      ended,
      kill: () => void child.kill('SIGKILL'),
    };
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
}

/** Puts a link between two machines: both of its ports are up. */
export async function cable(a: LocalMachine, port: string, b: LocalMachine, other: string): Promise<void> {
  const peer = ['peer', 'name', other, 'netns', String(b.pid)];
  await must('ip', 'link', 'add', 'name', port, 'netns', String(a.pid), 'type', 'veth', ...peer);
  await a.inside('ip', 'link', 'set', port, 'up');
  await b.inside('ip', 'link', 'set', other, 'up');
}
