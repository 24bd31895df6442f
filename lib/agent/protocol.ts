import type { CommandRequest } from './processes.js';
import type { CommandResult, ProcessEnd, SocketDrops } from '../testbed/types.js';

/** What the harness asks of its agent, over JSON-RPC on stdio. Bytes travel as base64. */
export interface AgentMethods {
  createNodes: { params: { readonly names: readonly string[] }; result: null };
  deleteNodes: { params: { readonly names: readonly string[] }; result: null };
  run: { params: CommandRequest; result: CommandResult };
  /** Values below /proc/sys of a node: `net/ipv4/ip_forward` -> `0`. */
  sysctl: { params: { readonly node: string; readonly values: Readonly<Record<string, string>> }; result: null };
  writeFile: { params: { readonly path: string; readonly text: string }; result: null };
  /** Resolves when the path exists; false after the timeout. */
  awaitPath: { params: { readonly path: string; readonly timeoutMs: number }; result: boolean };
  startDaemon: {
    params: {
      readonly node: string;
      readonly argv: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    };
    result: { readonly id: number; readonly pid: number | null };
  };
  /** Sends the signal, and SIGKILL after the timeout; the answer is the end of the process. */
  stopDaemon: {
    params: { readonly id: number; readonly signal: string; readonly timeoutMs: number };
    result: ProcessEnd;
  };
  inject: {
    params: { readonly node: string; readonly port: string; readonly frames: readonly string[]; readonly rate: number };
    result: readonly string[];
  };
  startCapture: {
    params: { readonly node: string; readonly port: string; readonly direction: 'in' | 'out'; readonly salt: number };
    result: { readonly id: number; readonly command: readonly string[]; readonly ready: string | null };
  };
  awaitToken: { params: { readonly id: number; readonly token: number; readonly timeoutMs: number }; result: boolean };
  /** Waits until all of these tokens have been captured, or the time is over; the answer is those that were not. */
  awaitTokens: {
    params: { readonly id: number; readonly tokens: readonly number[]; readonly timeoutMs: number };
    result: readonly number[];
  };
  stopCapture: {
    params: { readonly id: number };
    result: {
      readonly bytes: string;
      readonly receivedByFilter: number | null;
      readonly droppedByKernel: number | null;
      readonly droppedByInterface: number | null;
      readonly portDrops: number | null;
      readonly lastOutput: string;
    };
  };
  socketDrops: { params: { readonly node: string }; result: SocketDrops };
  now: { params: Record<string, never>; result: string };
}

/** What the agent says unasked. */
export interface AgentNotifications {
  daemonLine: { readonly id: number; readonly line: string; readonly stream: 'stdout' | 'stderr' };
  daemonEnded: { readonly id: number; readonly end: ProcessEnd };
}
