import { spawn, type ChildProcess } from 'node:child_process';
import { inNamespace } from './namespaces.js';
import { realtimeNs } from './sys.js';
import type { CommandResult, ProcessEnd } from '../testbed/types.js';

export interface CommandRequest {
  readonly node: string | null;
  readonly argv: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

function start(
  node: string | null,
  argv: readonly string[],
  env?: Readonly<Record<string, string>>,
  ownGroup = false,
): ChildProcess {
  const [file, ...rest] = argv;
  if (file === undefined) throw new RangeError('empty command');
  return inNamespace(node, () =>
    spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env }, detached: ownGroup }),
  );
}

/** Runs a command in a node and waits for its end. A command that cannot start has code null and says why in stderr. */
export function runCommand(request: CommandRequest): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = start(request.node, request.argv, request.env);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      stderr.push(Buffer.from(`killed: still running after ${request.timeoutMs} ms\n`));
      child.kill('SIGKILL');
    }, request.timeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin?.on('error', () => undefined); // the command may end without reading its input
    child.stdin?.end(request.input ?? '');
    const done = (code: number | null, signal: string | null) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    };
    child.on('error', (error) => {
      stderr.push(Buffer.from(`${error.message}\n`));
      done(null, null);
    });
    child.on('close', done);
  });
}

/** A process that runs until it is stopped: a switch daemon, a replicator, a capture. */
export interface Daemon {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
  readonly hasEnded: () => boolean;
}

const LAST_OUTPUT_BYTES = 4096;

export interface DaemonRequest {
  readonly node: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each line of stdout (unless `binary`) and stderr. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** stdout is handed over raw. */
  readonly onData?: (chunk: Uint8Array) => void;
}

function lines(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
  };
}

/** Ends what a daemon started and left behind: it would hold the daemon's output open, and the lab's ports. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left.
  }
}

/** Starts a daemon in the foreground, as a child of the agent and the leader of a process group. */
export function startDaemon(request: DaemonRequest): Daemon {
  const child = start(request.node, request.argv, request.env, true);
  let last = '';
  let over = false;
  const keep = (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-LAST_OUTPUT_BYTES);
  };
  child.stdin?.on('error', () => undefined); // it may end while we still hold its input
  if (request.onData !== undefined) child.stdout?.on('data', request.onData);
  else {
    child.stdout?.on('data', keep);
    child.stdout?.on(
      'data',
      lines((line) => request.onLine?.(line, 'stdout')),
    );
  }
  child.stderr?.on('data', keep);
  child.stderr?.on(
    'data',
    lines((line) => request.onLine?.(line, 'stderr')),
  );
  const ended = new Promise<ProcessEnd>((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      over = true;
      resolve({ code, signal, atNs: String(realtimeNs()), lastOutput: last });
    };
    child.on('error', (error) => {
      last += `${error.message}\n`;
      end(null, null);
    });
    child.on('exit', () => endGroup(child.pid));
    child.on('close', end);
  });
  return { child, ended, hasEnded: () => over };
}
