import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Guest } from './guestPart.js';
import { joined } from './outside.js';
import { CALLS_PORT, CHUNKS_PORT, SHELL_PORT } from './init.js';
import { PROGRAMS_DISK } from './programsPart.js';

/** Also the part of the key of a snapshot: the same machine must load what another one saved. */
const MACHINE: readonly string[] = [
  '-M',
  'q35',
  '-m',
  '512',
  // With two, 3 of 40 boots died where the CPU is emulated by several threads. Parallel work is several guests.
  '-smp',
  '1',
  // Without a limit the cache of translated code grows to 1.8 GB.
  '-accel',
  'tcg,tb-size=256',
  '-cpu',
  'max',
  '-nodefaults',
  '-no-reboot',
  '-display',
  'none',
  // It reaches nothing.
  '-nic',
  'none',
];

/** The same with the devices of a guest. */
export const machineOf = ({ hardware }: Pick<Guest, 'hardware'>): readonly string[] => [
  ...MACHINE,
  ...hardware.devices,
];

const KERNEL_LINE = 'console=ttyS0 quiet panic=-1';

/** Files of a running guest, all in one folder of its own. */
export interface GuestFiles {
  readonly qmp: string;
  readonly shell: string;
  /** Of the agent. */
  readonly calls: string;
  readonly chunks: string;
  /** What its kernel says. */
  readonly serial: string;
}

export function guestFiles(folder: string): GuestFiles {
  const at = (name: string) => join(folder, name);
  return {
    qmp: at('qmp'),
    shell: at('shell'),
    calls: at('calls'),
    chunks: at('chunks'),
    serial: at('serial.log'),
  };
}

/** Everything after the program's name. */
function qemuArguments(guest: Guest, files: GuestFiles, more: readonly string[]): readonly string[] {
  const at = (name: string) => join(guest.folder, name);
  const socket = (path: string) => `path=${path},server=on,wait=off`;
  const disk = (id: string, file: string) => [
    '-drive',
    `if=none,id=${id},format=raw,readonly=on,file=${file}`,
    '-device',
    `virtio-blk-pci,drive=${id}`,
  ];
  const port = (id: string, path: string, name: string) => [
    '-chardev',
    `socket,id=${id},${socket(path)}`,
    '-device',
    `virtserialport,chardev=${id},name=${name}`,
  ];
  return [
    ...guest.qemu.options,
    ...machineOf(guest),
    ...['-kernel', at('vmlinux'), '-initrd', at('initrd.cpio'), '-append', KERNEL_LINE],
    ...disk('root', at('root.erofs')),
    ...disk('programs', join(guest.programs, PROGRAMS_DISK)),
    ...['-device', 'virtio-serial-pci'],
    ...port('shell', files.shell, SHELL_PORT),
    ...port('calls', files.calls, CALLS_PORT),
    ...port('chunks', files.chunks, CHUNKS_PORT),
    ...['-serial', `file:${files.serial}`],
    ...['-chardev', `socket,id=qmp,${socket(files.qmp)}`, '-mon', 'chardev=qmp,mode=control'],
    ...more,
  ];
}

/** A running QEMU. */
export interface Machine {
  /** Of QEMU itself, as what starts it makes way for it. */
  readonly pid: number;
  /** Resolves with its last words when it has ended. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  kill(): void;
}

/** Starts a guest that dies when we do, however that is. */
export function startMachine(guest: Guest, files: GuestFiles, more: readonly string[] = []): Machine {
  const { program, env } = guest.qemu;
  const [start = '', ...rest] = joined(guest.hardware, [program, ...qemuArguments(guest, files, more)]);
  // Its own group: an interrupt of the terminal is for us.
  const child = spawn(start, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  });
  let said = '';
  let isOver = false;
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4096)));
  const ended = new Promise<string>((resolve) => {
    const end = (text: string) => {
      isOver = true;
      resolve(text);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) =>
      end(said.trim() === '' ? `it ended with ${signal ?? `code ${code}`}` : said.trim()),
    );
  });
  return { pid: child.pid ?? 0, ended, hasEnded: () => isOver, kill: () => void child.kill('SIGKILL') };
}
