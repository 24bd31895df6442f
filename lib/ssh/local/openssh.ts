import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../userError.js';
import { makeKey } from './must.js';
import { runProgram } from '../../runProgram.js';

/** A server of ssh that is ready to be started on a machine, and its public host key: type and base64. */
export interface Server {
  readonly argv: readonly string[];
  readonly hostKey: string;
}

export interface OpenSshOptions {
  readonly port: number;
  /** Type of the host key. */
  readonly hostKey?: string | undefined;
  /** Type of one more host key. */
  readonly secondKey?: string | undefined;
  /** More lines of sshd_config, before the usual ones. */
  readonly config?: readonly string[] | undefined;
}

/** The whole path of sshd, which it wants to be started with. */
export async function pathOfSshd(): Promise<string> {
  const { stdout } = await runProgram('sh', ['-c', 'PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; command -v sshd']);
  const path = stdout.trim();
  if (!path.startsWith('/'))
    throw new UserError('there is no sshd on this machine', 'install it: apt-get install openssh-server', 69);
  return path;
}

/** Makes host key and configuration in a machine's folder, which the machine sees as /mnt. */
export async function prepareOpenSsh(folder: string, options: OpenSshOptions): Promise<Server> {
  const sshd = await pathOfSshd();
  const key = await makeKey(join(folder, 'host'), options.hostKey);
  if (options.secondKey !== undefined) await makeKey(join(folder, 'second'), options.secondKey);
  // The first value of a keyword counts.
  const lines = [
    ...(options.config ?? []),
    `Port ${options.port}`,
    'HostKey /mnt/host',
    ...(options.secondKey === undefined ? [] : ['HostKey /mnt/second']),
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'LogLevel VERBOSE',
  ];
  await writeFile(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
  const hostKey = (await readFile(`${key}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ').trim();
  return { argv: [sshd, '-D', '-e', '-f', '/mnt/sshd_config'], hostKey };
}
