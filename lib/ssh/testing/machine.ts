import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../runProgram.js';
import { HANGS_MS } from '../../testing/limits.js';
import { until } from '../../until.js';
import type { SshMachine } from '../machine.js';

export interface MachineOptions {
  readonly server?: 'openssh' | 'dropbear';
  readonly port?: number;
  readonly user?: 'root' | 'qa';
  /** What /bin/sh is. */
  readonly shell?: 'dash' | 'busybox';
  /** `date` is that of busybox, too. */
  readonly busyboxDate?: boolean;
  readonly sudo?: boolean;
  /** Programs that are not there. */
  readonly without?: readonly string[];
  /** Type of the host key. */
  readonly hostKey?: string;
  /** Type of one more host key, which known_hosts does not have. */
  readonly unknownKey?: string;
  /** More lines of sshd_config, before the usual ones. */
  readonly config?: readonly string[];
  /** The machine through which alone it can be reached. */
  readonly behind?: TestMachine;
}

/** A machine in namespaces: its own network, processes, users, /tmp and /run, and a real server. */
export interface TestMachine {
  readonly name: string;
  /** As this machine sees it: pid 1 of the other. */
  readonly pid: number;
  readonly address: string;
  readonly port: number;
  /** The public host key: type and base64. */
  readonly hostKey: string;
  /** What its known_hosts line begins with. */
  readonly knownAs: string;
  /** To log in with, by the user's key; its known_hosts file has the right line. */
  readonly machine: SshMachine;
  /** What its server has logged. */
  readonly log: () => string;
  /** Runs a program there, behind the back of ssh. */
  readonly inside: (...argv: readonly string[]) => Promise<string>;
  /** Command lines of what runs there, without the server and its sessions. */
  readonly processes: () => readonly string[];
  /** Loses every packet, in both directions; the link stays up. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  kill(): void;
}

export interface Boot {
  readonly name: string;
  readonly folder: string;
  readonly keyFile: string;
  /** A number that no other link of the network has. */
  readonly link: number;
  readonly options: MachineOptions;
}

/** Nobody has this number on a Debian machine. */
const QA_UID = 4242;

/** Runs in the new namespaces; $1 is the machine's folder, the other arguments are the server. */
const INIT = (options: MachineOptions, name: string): string =>
  [
    'set -e',
    'mount --bind "$1" /mnt',
    'mount -t tmpfs -o mode=1777 tmp /tmp; mount -t tmpfs -o mode=755 run /run; mkdir /run/sshd; mount -t sysfs sys /sys',
    'for f in passwd group shadow sudoers; do mount --bind /mnt/$f /etc/$f; done; mount -t tmpfs none /etc/sudoers.d',
    `hostname ${name}`,
    ...(options.shell === 'busybox' ? ['mount --bind "$(command -v busybox)" "$(readlink -f /bin/sh)"'] : []),
    ...(options.busyboxDate === true ? ['mount --bind "$(command -v busybox)" "$(readlink -f /bin/date)"'] : []),
    ...(options.without ?? []).map(
      (tool) => `for f in $(which -a ${tool}); do mount --bind /dev/null "$(readlink -f "$f")" || :; done`,
    ),
    'ip link set lo up; echo up; read -r go; shift; exec "$@" </dev/null',
  ].join('\n');

async function writeUsers(folder: string, publicKey: string, sudo: boolean): Promise<void> {
  const put = async (name: string, text: string, mode: number) => {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), mode);
  };
  await put(
    'passwd',
    `root:x:0:0::/mnt/root:/bin/sh\nqa:x:${QA_UID}:${QA_UID}::/mnt/qa:/bin/sh\ntcpdump:x:997:65534::/nonexistent:/usr/sbin/nologin\nsshd:x:998:65534::/run/sshd:/usr/sbin/nologin\n`,
    0o644,
  );
  await put('group', `root:x:0:\nqa:x:${QA_UID}:\nnogroup:x:65534:\n`, 0o644);
  await put('shadow', 'root:*:19000::::::\nqa:*:19000::::::\n', 0o600);
  await put('sudoers', `root ALL=(ALL) ALL\n${sudo ? 'qa ALL=(ALL) NOPASSWD: ALL\n' : ''}`, 0o440);
  for (const [home, uid] of [
    ['root', 0],
    ['qa', QA_UID],
  ] as const) {
    await mkdir(join(folder, home, '.ssh'), { recursive: true });
    await put(`${home}/.ssh/authorized_keys`, publicKey, 0o600);
    for (const path of ['', '.ssh', '.ssh/authorized_keys']) await chown(join(folder, home, path), uid, uid);
    for (const path of ['', '.ssh']) await chmod(join(folder, home, path), 0o700);
  }
}

/** The server's command, and its public host key. */
async function prepareServer(folder: string, port: number, options: MachineOptions): Promise<[string[], string]> {
  const type = options.hostKey ?? 'ed25519';
  const program = async (file: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(file, args);
    if (code !== 0) throw new Error(`${file}: ${stderr}`);
    return stdout;
  };
  if (options.server === 'dropbear') {
    const said = await program('dropbearkey', '-t', type, '-f', join(folder, 'host'));
    const key = /^(\S+ \S+)(?: \S+)?$/m.exec(said.split('\n').find((line) => / AAAA/.test(line)) ?? '')?.[1] ?? '';
    return [['dropbear', '-F', '-E', '-p', String(port), '-r', '/mnt/host', '-P', '/run/dropbear.pid'], key];
  }
  await program('ssh-keygen', '-q', '-t', type, '-N', '', '-f', join(folder, 'host'));
  if (options.unknownKey !== undefined)
    await program('ssh-keygen', '-q', '-t', options.unknownKey, '-N', '', '-f', join(folder, 'unknown'));
  // The first value of a keyword counts.
  const config = [
    ...(options.config ?? []),
    `Port ${port}`,
    'HostKey /mnt/host',
    ...(options.unknownKey === undefined ? [] : ['HostKey /mnt/unknown']),
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'LogLevel VERBOSE',
  ];
  await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  const key = (await readFile(join(folder, 'host.pub'), 'utf8')).split(' ').slice(0, 2).join(' ').trim();
  return [['/usr/sbin/sshd', '-D', '-e', '-f', '/mnt/sshd_config'], key];
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

/** Command lines of all processes of a pid namespace. */
function commandLines(pid: number): readonly string[] {
  const space = (of: string) => {
    try {
      return readlinkSync(`/proc/${of}/ns/pid`);
    } catch {
      return null;
    }
  };
  const wanted = space(String(pid));
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && wanted !== null && space(entry) === wanted)
    .flatMap((entry) => {
      try {
        const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return line === '' ? [] : [line];
      } catch {
        return [];
      }
    });
}

/** A server, and what it makes of itself for each session. */
const SERVER = /^(\S*\/)?(sshd|dropbear)\b/;

export async function bootMachine({ name, folder, keyFile, link, options }: Boot): Promise<TestMachine> {
  const port = options.port ?? 22;
  const user = options.user ?? 'root';
  await mkdir(folder);
  await chmod(folder, 0o711);
  await writeUsers(folder, await readFile(`${keyFile}.pub`, 'utf8'), options.sudo === true);
  const [server, hostKey] = await prepareServer(folder, port, options);
  const spaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child=KILL', '--mount-proc'];
  const child: ChildProcess = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', ...spaces, 'sh', '-c', INIT(options, name), 'init', folder, ...server],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const says = (pattern: RegExp) =>
    until(
      `${name} to boot`,
      HANGS_MS,
      () => (child.exitCode !== null ? Promise.reject(new Error(said)) : Promise.resolve(pattern.test(said) || null)),
      () => said,
    );
  await says(/^up$/m);
  const pid = childOf(child.pid ?? 0);
  const inside = async (...argv: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram('nsenter', ['-t', String(pid), '-n', '-m', '-p', '--', ...argv]);
    if (code !== 0) throw new Error(`${name}: ${argv.join(' ')}: ${stderr}`);
    return stdout;
  };
  const [near, far] = [`192.0.2.${link * 4 + 1}`, `192.0.2.${link * 4 + 2}`];
  const [nearPort, nearSide] = [`to-${name}`, options.behind];
  const add = ['ip', 'link', 'add', nearPort, 'type', 'veth', 'peer', 'name', 'mgmt', 'netns', String(pid)];
  const onNearSide = async (...argv: readonly string[]) => {
    const command = nearSide === undefined ? argv : ['nsenter', '-t', String(nearSide.pid), '-n', '--', ...argv];
    const { code, stderr } = await runProgram(command[0] ?? '', command.slice(1));
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  };
  await onNearSide(...add);
  await onNearSide('ip', 'addr', 'add', `${near}/30`, 'dev', nearPort);
  await onNearSide('ip', 'link', 'set', nearPort, 'up');
  await inside('ip', 'addr', 'add', `${far}/30`, 'dev', 'mgmt');
  await inside('ip', 'link', 'set', 'mgmt', 'up');
  child.stdin?.write('go\n');
  await says(/Server listening on|Not backgrounding/);
  const knownAs = port === 22 ? far : `[${far}]:${port}`;
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `${knownAs} ${hostKey}\n`);
  await copyFile(keyFile, join(folder, 'id'));
  return {
    name,
    pid,
    address: far,
    port,
    hostKey,
    knownAs,
    machine: {
      name,
      host: far,
      port,
      user,
      identity: { agent: null, keyFiles: [keyFile], password: null },
      knownHosts: [knownHosts],
      keyAlias: null,
      via: options.behind === undefined ? [] : [...options.behind.machine.via, options.behind.machine],
      sudo: options.sudo === true,
    },
    log: () => said,
    inside,
    processes: () => commandLines(pid).filter((line) => !SERVER.test(line)),
    async cut() {
      const drop = (hook: string) => `chain ${hook} { type filter hook ${hook} priority 0; drop; };`;
      await inside('nft', `table inet cut { ${drop('input')} ${drop('output')} }`);
    },
    async restore() {
      await inside('nft', 'delete table inet cut');
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
