import type { Nanoseconds } from '../evidence/types.js';
import type { Offer } from './capability.js';
import type { Clock } from './clock.js';

/**
 * What a command printed, and how it ended. A command that could not be started has neither code nor signal, and stderr
 * says why.
 */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly input?: string | Uint8Array;
  /** Added to what the node's commands have anyway. */
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

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Written to the process, whose stdin then ends. Without it, stdin stays open and silent. */
  readonly input?: string | Uint8Array;
  /** Each line of stderr, and of stdout unless `onBytes` takes that. */
  readonly onLine?: (line: string) => void;
  /**
   * Takes stdout as it comes, unchanged, in chunks that are lent for the time of the call. While it works, no more is
   * read: the process waits.
   */
  readonly onBytes?: (chunk: Uint8Array) => void;
}

/** A process that runs until it is stopped. */
export interface Process {
  /** Resolves when it has ended and all its output has been delivered. */
  readonly ended: Promise<ProcessEnd>;
  hasEnded(): ProcessEnd | null;
  /** Resolves with the first line that matches; null when the process ends, or the time is over, without one. */
  line(pattern: RegExp, timeoutMs: number): Promise<string | null>;
  /**
   * Sends the signal (SIGTERM unless told otherwise), and SIGKILL if it has not ended within the time, by default
   * `Timing.processStop`.
   */
  stop(signal?: string, patienceMs?: number): Promise<ProcessEnd>;
}

/** One answer of JSON-RPC 1.0: exactly one of the two is not null. */
export interface JsonRpcAnswer {
  readonly result: unknown;
  readonly error: unknown;
}

/** A packet socket, and the frames that it has lost since it was opened; null where the kernel does not tell. */
export interface PacketSocket {
  readonly inode: number;
  readonly dropped: number | null;
}

/** Shortcuts that only save time: helpers of lib/lab use them if present, and commands otherwise. */
export interface Shortcuts {
  /** Values below /proc/sys: `net/ipv4/ip_forward` -> `0` */
  readonly sysctl?: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** Text files, in order. */
  readonly read?: (paths: readonly string[]) => Promise<readonly string[]>;
  readonly put?: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Whether the path appears within the time. */
  readonly awaitPath?: (path: string, timeoutMs: number) => Promise<boolean>;
  /** Asks a daemon at a unix socket of the node by JSON-RPC 1.0; rejects when no answer comes within the time. */
  readonly jsonRpc?: (
    path: string,
    method: string,
    params: readonly unknown[],
    timeoutMs: number,
  ) => Promise<JsonRpcAnswer>;
  /**
   * The packet sockets of the process whose id is in this file; null where the kernel does not tell. No sockets when it
   * does not run.
   */
  readonly packetSockets?: (pidFile: string) => Promise<readonly PacketSocket[] | null>;
}

/**
 * Makes the command that, started on this machine by the same user, runs `argv` on the node at the starter's own
 * terminal, in `folder` if there is such.
 */
export type Terminal = (
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  folder: string,
) => readonly string[];

/** One machine of the lab, wherever it is. `exec` and `spawn` are the floor on which everything else can be built. */
export interface Node {
  readonly name: string;
  readonly clock: Clock;
  /** A folder for this node only; it is removed with the lab. */
  readonly scratch: string;
  /** How many times longer than on this machine programs may take there: limits are longer by it. 1 without it. */
  readonly slowness?: number;
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandResult>;
  /** Starts a process in the foreground; it ends with the lab at the latest. */
  spawn(argv: readonly string[], options?: SpawnOptions): Promise<Process>;
  /** The beginning of a command that runs one of this package's programs (a path below its built `lib`) there. */
  deploy(program: string): Promise<Offer<readonly string[]>>;
  readonly terminal: Offer<Terminal>;
  readonly shortcuts: Shortcuts;
}
