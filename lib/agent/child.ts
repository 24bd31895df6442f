import { accessSync, closeSync, constants, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { openPipe, posixSpawn, reapChild, SystemCallError, widenPipe } from './sys.js';

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process that the agent has started, with a pipe at its stdin, stdout and stderr. */
export interface Child {
  readonly pid: number;
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** It has ended; what it started may still hold its output open. */
  readonly exited: Promise<ChildEnd>;
  /** It has ended, and all that it said has been read. */
  readonly closed: Promise<ChildEnd>;
  /** Does nothing when it has ended. */
  kill(signal: NodeJS.Signals): void;
}

/** Text as of Node's own: `spawn NAME ENOENT`. */
export class SpawnError extends Error {}

const SIGNAL_NAMES = new Map(Object.entries(osConstants.signals).map(([name, number]) => [number, name]));
const ERROR_NAMES = new Map(Object.entries(osConstants.errno).map(([name, number]) => [number, name]));

const SHELL = '/bin/sh';

const living = new Map<number, (end: ChildEnd) => void>();

/**
 * Whatever has ended. As pid 1 of its namespace the agent is also the parent of what lost its own: that is reaped and
 * forgotten.
 */
function reap(): void {
  for (let ended = reapChild(); ended !== null; ended = reapChild()) {
    const { pid, code, signal } = ended;
    living.get(pid)?.({ code, signal: signal === null ? null : (SIGNAL_NAMES.get(signal) ?? `signal ${signal}`) });
    living.delete(pid);
  }
}

let listens = false;

/** One SIGCHLD may stand for the ends of many children. */
function listenForEnds(): void {
  if (listens) return;
  listens = true;
  process.on('SIGCHLD', reap);
}

function isExecutable(path: string): boolean {
  try {
    // Most folders of PATH do not have it, and an exception costs more than all the rest.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What execvp(3) would run; null where nothing of that name can be run. */
function find(file: string, path: string): string | null {
  if (file.includes('/')) return file;
  return (
    path
      .split(delimiter)
      .map((folder) => join(folder, file))
      .find(isExecutable) ?? null
  );
}

const ended = (stream: Socket) => new Promise<void>((resolve) => stream.once('close', () => resolve()));

/**
 * Starts a program in the calling thread's network namespace. Throws SpawnError when it cannot be started.
 *
 * @param ownGroup as the leader of a session, and so of a process group
 */
export function startChild(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  ownGroup: boolean,
): Child {
  const [file = ''] = argv;
  const program = find(file, env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin');
  if (program === null) throw new SpawnError(`spawn ${file} ENOENT`);
  listenForEnds();
  const [input, output, errors] = [openPipe(), openPipe(), openPipe()];
  widenPipe(output.writeEnd);
  const variables = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const stdio = [input.readEnd, output.writeEnd, errors.writeEnd] as const;
  const [, ...rest] = argv;
  let pid = posixSpawn(program, argv, variables, stdio, ownGroup);
  // A script that does not name its interpreter, as execvp(3) takes it.
  if (pid === -osConstants.errno.ENOEXEC)
    pid = posixSpawn(SHELL, [SHELL, program, ...rest], variables, stdio, ownGroup);
  for (const fd of stdio) closeSync(fd);
  if (pid < 0) {
    for (const fd of [input.writeEnd, output.readEnd, errors.readEnd]) closeSync(fd);
    throw new SpawnError(`spawn ${file} ${ERROR_NAMES.get(-pid) ?? new SystemCallError('posix_spawn', -pid).message}`);
  }
  const exited = new Promise<ChildEnd>((resolve) => living.set(pid, resolve));
  const stdin = new Socket({ fd: input.writeEnd, readable: false, writable: true });
  const stdout = new Socket({ fd: output.readEnd, readable: true, writable: false });
  const stderr = new Socket({ fd: errors.readEnd, readable: true, writable: false });
  // Nobody writes to one that has ended.
  void exited.then(() => stdin.destroy());
  const closed = Promise.all([exited, ended(stdout), ended(stderr)]).then(([end]) => end);
  return {
    pid,
    stdin,
    stdout,
    stderr,
    exited,
    closed,
    kill(signal) {
      // Until it is reaped its number is nobody else's.
      if (living.has(pid)) process.kill(pid, signal);
    },
  };
}
