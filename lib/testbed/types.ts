import type { Nanoseconds } from '../evidence/types.js';
import type { FrameBytes } from '../wire/frame.js';
import type { Node as NodeFloor, Process } from './node.js';
import type { CaptureCounters } from './port.js';

export type { CaptureCounters } from './port.js';
export type { CommandResult, ExecOptions, ProcessEnd, Process as RunningProcess } from './node.js';
export type { Lab } from './lab.js';
export type { Testbed } from './testbed.js';

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

/** A node as it was before `lib/testbed/node.ts`; what it has beside that goes when its last user has moved to ports, helpers of lib/lab and lib/capture. */
export interface Node extends NodeFloor {
  /** `scratch` */
  readonly runFolder: string;
  /** `spawn` */
  start(
    argv: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly onLine?: (line: string) => void },
  ): Promise<Process>;
  /** `Port.inject` */
  inject(port: string, frames: readonly FrameBytes[], rate?: number): Promise<readonly Nanoseconds[]>;
  /** `Port.tap` */
  capture(port: string, options: { readonly direction: 'in' | 'out'; readonly salt: number }): Promise<LiveCapture>;
  socketDrops(): Promise<SocketDrops>;
  sysctl(values: Readonly<Record<string, string>>): Promise<void>;
  writeFile(path: string, text: string): Promise<void>;
  awaitPath(path: string, timeoutMs: number): Promise<boolean>;
  /** `terminal` */
  entry(argv: readonly string[], env: Readonly<Record<string, string>>, folder: string): readonly string[];
}
