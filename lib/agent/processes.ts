import { spawn, type ChildProcess } from 'node:child_process';
import type { CommandResult, ProcessEnd } from '../testbed/node.js';
import { inNamespace } from './namespaces.js';
import { realtimeNs } from './sys.js';

export interface CommandRequest {
  readonly node: string | null;
  readonly argv: readonly string[];
  readonly input?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

function start({ node, argv, env }: CommandRequest, ownGroup = false): ChildProcess {
  const [file, ...rest] = argv;
  if (file === undefined) throw new RangeError('empty command');
  return inNamespace(node, () =>
    spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env }, detached: ownGroup }),
  );
}

/** Runs a command in a node and waits for its end. A command that cannot start has code null and says why in stderr. */
export function runCommand(request: CommandRequest & { readonly timeoutMs: number }): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = start(request);
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
  /**
   * Stops and goes on reading its stdout, where that is taken as bytes: what it then says fills its pipe, and it waits.
   */
  readonly hold: (held: boolean) => void;
}

const LAST_OUTPUT_BYTES = 4096;

export interface DaemonRequest extends CommandRequest {
  readonly node: string;
  /** Called for each line of stderr, and of stdout unless `onBytes` takes that. */
  readonly onLine?: (line: string) => void;
  readonly onBytes?: (chunk: Uint8Array) => void;
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
  const child = start(request, true);
  const { stdin, stdout, stderr } = child;
  let last = '';
  let over = false;
  const keep = (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-LAST_OUTPUT_BYTES);
  };
  const inLines = lines((line) => request.onLine?.(line));
  stdin?.on('error', () => undefined); // it may end while we still hold its input
  if (request.input !== undefined) stdin?.end(request.input);
  if (request.onBytes !== undefined) stdout?.on('data', request.onBytes);
  else {
    stdout?.on('data', keep);
    stdout?.on('data', inLines);
  }
  stderr?.on('data', keep);
  stderr?.on(
    'data',
    lines((line) => request.onLine?.(line)),
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
  return {
    child,
    ended,
    hasEnded: () => over,
    hold(held) {
      if (held) stdout?.pause();
      else stdout?.resume();
    },
  };
}
