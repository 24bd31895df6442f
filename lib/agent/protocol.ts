import type { CommandResult, JsonRpcAnswer, ProcessEnd, PacketSocket } from '../testbed/node.js';

/** A command that the agent runs or a process that it starts; `node` null = in the agent's own network namespace. */
export interface CommandRequest {
  readonly node: string | null;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A stream of the chunk channel: what the command reads on its stdin. */
  readonly input?: number;
}

/**
 * What the harness asks of its agent, by JSON-RPC. Bytes go beside it, through the chunk channel; their streams are
 * named by the caller.
 */
export interface AgentMethods {
  createNodes: { params: { readonly names: readonly string[]; readonly folders: readonly string[] }; result: null };
  /** Ends every process in these nodes, and removes these folders. */
  deleteNodes: { params: { readonly names: readonly string[]; readonly folders: readonly string[] }; result: null };
  run: { params: CommandRequest & { readonly timeoutMs: number }; result: CommandResult };
  /** Sets these interfaces of a node up. */
  setUp: { params: { readonly node: string; readonly ports: readonly string[] }; result: null };
  /** The packet sockets of a process of a node; null where the kernel does not tell. */
  packetSockets: {
    params: { readonly node: string; readonly pidFile: string };
    result: readonly PacketSocket[] | null;
  };
  /** Values below /proc/sys of a node: `net/ipv4/ip_forward` -> `0`. */
  sysctl: { params: { readonly node: string; readonly values: Readonly<Record<string, string>> }; result: null };
  /** Files of /proc as the node's network namespace shows them, or of the agent's file system. */
  read: { params: { readonly node: string; readonly paths: readonly string[] }; result: readonly string[] };
  put: { params: { readonly path: string; readonly bytes: number }; result: null };
  /** Resolves when the path exists; false after the timeout. */
  awaitPath: { params: { readonly path: string; readonly timeoutMs: number }; result: boolean };
  /** Asks a daemon at its unix socket by JSON-RPC 1.0. */
  jsonRpc: {
    params: {
      readonly path: string;
      readonly method: string;
      readonly params: readonly unknown[];
      readonly timeoutMs: number;
    };
    result: JsonRpcAnswer;
  };
  /**
   * `id` is the caller's. With `bytes`, stdout goes through the chunk channel, as the stream with this number; else it
   * comes in lines.
   */
  start: {
    params: CommandRequest & { readonly node: string; readonly id: number; readonly bytes: boolean };
    result: null;
  };
  /** Sends the signal, and SIGKILL after the timeout; the answer is the end of the process. */
  stop: {
    params: { readonly id: number; readonly signal: string; readonly timeoutMs: number };
    result: ProcessEnd;
  };
  /** `frames`: a stream of packed frames. The answer is when each was handed to the kernel. */
  inject: {
    params: { readonly node: string; readonly port: string; readonly frames: number; readonly rate: number };
    result: readonly string[];
  };
  now: { params: Record<string, never>; result: string };
}

/** Notifications from the agent. */
export interface AgentNotifications {
  line: { readonly id: number; readonly line: string };
  ended: { readonly id: number; readonly end: ProcessEnd };
}
