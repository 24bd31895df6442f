import type { Nanoseconds } from '../evidence/types.js';
import type { Topology } from '../topology/model.js';
import type { FrameBytes } from '../wire/frame.js';

/** What a command printed, and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Without it, a command that does not end with code 0 throws TestbedError. */
  readonly mayFail?: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly atNs: Nanoseconds;
  readonly lastOutput: string;
}

/** A process that goes on until it is stopped. */
export interface RunningProcess {
  readonly ended: Promise<ProcessEnd>;
  hasEnded(): ProcessEnd | null;
  /** Resolves with the first line that matches; null when the process ends, or the time is over, without one. */
  line(pattern: RegExp, timeoutMs: number): Promise<string | null>;
  stop(signal?: string): Promise<ProcessEnd>;
}

/** What tcpdump and the kernel counted while a capture was open; null = it was not said. */
export interface CaptureCounters {
  readonly receivedByFilter: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
  readonly portDrops: number | null;
}

export interface LiveCapture {
  readonly command: readonly string[];
  /** The capturing program's own word that it listens; null when it never came. */
  readonly ready: string | null;
  /** Whether a frame with this token is captured within the time. */
  seen(token: number, timeoutMs: number): Promise<boolean>;
  /** Those of the tokens of which no frame is captured within the time; answers as soon as there is none. */
  missing(tokens: readonly number[], timeoutMs: number): Promise<readonly number[]>;
  stop(): Promise<CaptureCounters & { readonly bytes: Uint8Array }>;
}

/** What sockets of a node had no room for, since each was opened. */
export interface SocketDrops {
  /** Frames, for each socket through which a switch in user space takes them in; null where the kernel does not tell. */
  readonly inputs: readonly { readonly id: number; readonly dropped: number }[] | null;
  /** UDP datagrams, of all sockets together. */
  readonly udp: number;
}

/** One machine of the lab, wherever it is. */
export interface Node {
  readonly name: string;
  /** A folder of this node's own, gone with the lab. */
  readonly runFolder: string;
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandResult>;
  /** Starts a process in the foreground; it ends with the lab at the latest. */
  start(
    argv: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly onLine?: (line: string) => void },
  ): Promise<RunningProcess>;
  /** Sends frames out of a port, at most `rate` a second; returns when each was handed to the kernel. */
  inject(port: string, frames: readonly FrameBytes[], rate?: number): Promise<readonly Nanoseconds[]>;
  capture(port: string, options: { readonly direction: 'in' | 'out'; readonly salt: number }): Promise<LiveCapture>;
  socketDrops(): Promise<SocketDrops>;
  /** `net/ipv4/ip_forward` -> `0` */
  sysctl(values: Readonly<Record<string, string>>): Promise<void>;
  writeFile(path: string, text: string): Promise<void>;
  /** Whether the path appears within the time. */
  awaitPath(path: string, timeoutMs: number): Promise<boolean>;
  /** The command that, started on this machine by the same user, runs `argv` on the node with the starter's own terminal, in `folder` if there is such. */
  entry(argv: readonly string[], env: Readonly<Record<string, string>>, folder: string): readonly string[];
}

export interface Lab extends AsyncDisposable {
  readonly topology: Topology;
  readonly nodes: readonly Node[];
  /** Throws RangeError for a name that the topology does not have. */
  node(name: string): Node;
  /** The clock of every capture of this lab. */
  now(): Promise<Nanoseconds>;
}

/** Where labs run. */
export interface Testbed extends AsyncDisposable {
  readonly name: string;
  /** Nodes and links, up and silent; switches are the data plane's work. */
  open(topology: Topology): Promise<Lab>;
}
