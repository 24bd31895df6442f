import type { CommandResult, ProcessEnd } from '../testbed/node.js';
import { SpawnError, startChild, type Child } from './child.js';
import { inNamespace } from './namespaces.js';
import { realtimeNs } from './sys.js';

export interface CommandRequest {
  readonly node: string | null;
  readonly argv: readonly string[];
  readonly input?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

function start({ node, argv, env }: CommandRequest, ownGroup = false): Child {
  if (argv.length === 0) throw new RangeError('empty command');
  return inNamespace(node, () => startChild(argv, { ...process.env, ...env }, ownGroup));
}

/** Runs a command in a node and waits for its end. A command that cannot start has code null and says why in stderr. */
export async function runCommand(request: CommandRequest & { readonly timeoutMs: number }): Promise<CommandResult> {
  const child = startOrSay(request);
  if (typeof child === 'string') return { code: null, signal: null, stdout: '', stderr: `${child}\n` };
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const timer = setTimeout(() => {
    stderr.push(Buffer.from(`killed: still running after ${request.timeoutMs} ms\n`));
    child.kill('SIGKILL');
  }, request.timeoutMs);
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined); // the command may end without reading its input
  child.stdin.end(request.input ?? '');
  const { code, signal } = await child.closed;
  clearTimeout(timer);
  return { code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** The child, or why it could not be started. */
function startOrSay(request: CommandRequest, ownGroup = false): Child | string {
  try {
    return start(request, ownGroup);
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    return error.message;
  }
}

/** A process that runs until it is stopped: a switch daemon, a replicator, a capture. */
export interface Daemon {
  readonly ended: Promise<ProcessEnd>;
  readonly hasEnded: () => boolean;
  /** Does nothing when it has ended. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /**
   * Pauses and resumes reading its stdout, where that is taken as bytes. While paused, its output fills the pipe, and
   * then it waits.
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
function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // ESRCH: no process is left.
  }
}

/** One that could not be started. */
function neverBegan(why: string): Daemon {
  const end: ProcessEnd = { code: null, signal: null, atNs: String(realtimeNs()), lastOutput: `${why}\n` };
  return { ended: Promise.resolve(end), hasEnded: () => true, kill: () => undefined, hold: () => undefined };
}

/** Starts a daemon in the foreground, as a child of the agent and the leader of a process group. */
export function startDaemon(request: DaemonRequest): Daemon {
  const child = startOrSay(request, true);
  if (typeof child === 'string') return neverBegan(child);
  const { stdin, stdout, stderr } = child;
  let last = '';
  let over = false;
  const keep = (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-LAST_OUTPUT_BYTES);
  };
  const inLines = lines((line) => request.onLine?.(line));
  stdin.on('error', () => undefined); // it may end while we still hold its input
  if (request.input !== undefined) stdin.end(request.input);
  if (request.onBytes !== undefined) stdout.on('data', request.onBytes);
  else {
    stdout.on('data', keep);
    stdout.on('data', inLines);
  }
  stderr.on('data', keep);
  stderr.on(
    'data',
    lines((line) => request.onLine?.(line)),
  );
  void child.exited.then(() => endGroup(child.pid));
  const ended = child.closed.then(({ code, signal }): ProcessEnd => {
    over = true;
    return { code, signal, atNs: String(realtimeNs()), lastOutput: last };
  });
  return {
    ended,
    kill: (signal) => child.kill(signal),
    hasEnded: () => over,
    hold(held) {
      if (held) stdout.pause();
      else stdout.resume();
    },
  };
}
