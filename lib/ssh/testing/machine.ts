import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootMachine, type LocalMachine } from '../local/machine.js';
import { must } from '../local/must.js';
import { prepareOpenSsh, type Server } from '../local/openssh.js';
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
  /** A folder that is there under the same path, only to be read. */
  readonly keeps?: string;
  /** The machine through which alone it can be reached. */
  readonly behind?: TestMachine;
}

/** A machine in namespaces for tests: what is said of it, and what can be done to it. */
export interface TestMachine extends LocalMachine {
  readonly address: string;
  readonly port: number;
  /** What its known_hosts line begins with. */
  readonly knownAs: string;
  /** To log in with, by the user's key; its known_hosts file has the right line. */
  readonly machine: SshMachine;
  /** Command lines of what runs there, without the server and its sessions. */
  readonly processes: () => readonly string[];
  /** Loses every packet, in both directions; the link stays up. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

export interface TestBoot {
  readonly name: string;
  readonly folder: string;
  readonly keyFile: string;
  /** A number that no other link of the network has. */
  readonly link: number;
  readonly options: MachineOptions;
}

async function prepareDropbear(folder: string, port: number, type: string): Promise<Server> {
  const said = await must('dropbearkey', '-t', type, '-f', join(folder, 'host'));
  const hostKey = /^(\S+ \S+)(?: \S+)?$/m.exec(said.split('\n').find((line) => / AAAA/.test(line)) ?? '')?.[1] ?? '';
  return { argv: ['dropbear', '-F', '-E', '-p', String(port), '-r', '/mnt/host', '-P', '/run/dropbear.pid'], hostKey };
}

const asBusybox = (program: string) => `mount --bind "$(command -v busybox)" "$(readlink -f ${program})"`;

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

export async function bootTestMachine({ name, folder, keyFile, link, options }: TestBoot): Promise<TestMachine> {
  const { port = 22, user = 'root', sudo = false, behind } = options;
  const address = `192.0.2.${link * 4 + 2}`;
  const local = await bootMachine({
    name,
    folder,
    users: { other: 'qa', sudo, publicKey: await readFile(`${keyFile}.pub`, 'utf8') },
    way: { port: `to-${name}`, near: `192.0.2.${link * 4 + 1}`, far: address, behind: behind ?? null },
    prepareServer: (at) =>
      options.server === 'dropbear'
        ? prepareDropbear(at, port, options.hostKey ?? 'ed25519')
        : prepareOpenSsh(at, {
            port,
            hostKey: options.hostKey,
            secondKey: options.unknownKey,
            config: options.config,
          }),
    ...(options.keeps === undefined ? {} : { keeps: options.keeps }),
    prepare: [
      ...(options.shell === 'busybox' ? [asBusybox('/bin/sh')] : []),
      ...(options.busyboxDate === true ? [asBusybox('/bin/date')] : []),
      ...(options.without ?? []).map(
        (tool) => `for f in $(which -a ${tool}); do mount --bind /dev/null "$(readlink -f "$f")" || :; done`,
      ),
    ],
  });
  const knownAs = port === 22 ? address : `[${address}]:${port}`;
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `${knownAs} ${local.hostKey}\n`);
  await copyFile(keyFile, join(folder, 'id'));
  return {
    ...local,
    address,
    port,
    knownAs,
    machine: {
      name,
      host: address,
      port,
      user,
      identity: { agent: null, keyFiles: [keyFile], password: null },
      knownHosts: [knownHosts],
      keyAlias: null,
      via: behind === undefined ? [] : [...behind.machine.via, behind.machine],
      sudo,
    },
    processes: () => commandLines(local.pid).filter((line) => !SERVER.test(line)),
    async cut() {
      const drop = (hook: string) => `chain ${hook} { type filter hook ${hook} priority 0; drop; };`;
      await local.inside('nft', `table inet cut { ${drop('input')} ${drop('output')} }`);
    },
    async restore() {
      await local.inside('nft', 'delete table inet cut');
    },
  };
}
