import { readFileSync } from 'node:fs';
import { createCaptureParser } from '../pcap/parser.js';
import type { CaptureParser } from '../pcap/types.js';
import { readToken } from '../wire/token.js';
import { inNamespace } from './namespaces.js';
import { startDaemon, type Daemon } from './processes.js';

/** Frames of the lab itself are short; 2 KiB holds any frame of a 1500-byte link, so the token at a frame's end is always there. */
const SNAP_LENGTH = 2048;
/** KiB of kernel ring: at 2 KiB a slot, 8192 frames. */
const BUFFER_KIB = 16384;

export interface CaptureRequest {
  readonly node: string;
  readonly port: string;
  readonly direction: 'in' | 'out';
  readonly salt: number;
}

/** The end of a capture: its bytes, and what tcpdump and the kernel counted. */
export interface CaptureResult {
  readonly bytes: Uint8Array;
  readonly receivedByFilter: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
  readonly portDrops: number | null;
  readonly lastOutput: string;
}

export interface Capture {
  readonly command: readonly string[];
  /** tcpdump's own word that it listens, or null when it ended first. */
  readonly ready: Promise<string | null>;
  /** Resolves when a frame with this token has been captured; false when the capture ends first. */
  seen(token: number): Promise<boolean>;
  stop(): Promise<CaptureResult>;
}

/**
 * Frames that were lost before any tap could see them: errors, overruns and framing errors of the port (/proc/net/dev) and of this
 * machine's receive backlog (/proc/net/softnet_stat, second column; net/core/net-procfs.c). The port's own `drop` column is no such
 * loss: the kernel also counts there what every tap saw and no protocol wanted. null when the port is gone.
 */
function readPortDrops(node: string, port: string): number | null {
  const [devices, softnet] = inNamespace(node, () => [
    readFileSync('/proc/thread-self/net/dev', 'utf8'),
    readFileSync('/proc/thread-self/net/softnet_stat', 'utf8'),
  ]);
  const backlog = softnet
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + parseInt(line.split(/\s+/)[1] ?? '0', 16), 0);
  for (const line of devices.split('\n')) {
    const [name, counters] = line.split(':');
    if (name?.trim() !== port || counters === undefined) continue;
    const fields = counters.trim().split(/\s+/).map(Number);
    return (fields[2] ?? 0) + (fields[4] ?? 0) + (fields[5] ?? 0) + backlog;
  }
  return null;
}

/** Number in front of a phrase of tcpdump's closing statistics. */
function statistic(output: string, phrase: string): number | null {
  const match = new RegExp(`(\\d+) packets? ${phrase}`).exec(output);
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** Starts tcpdump on a port of a node. Its stream is kept, and watched for tokens as it arrives. */
export function startCapture(request: CaptureRequest): Capture {
  const command = [
    'tcpdump',
    '-i',
    request.port,
    '-Q',
    request.direction,
    '-n',
    '--immediate-mode',
    '-U',
    '-s',
    String(SNAP_LENGTH),
    '-B',
    String(BUFFER_KIB),
    '--time-stamp-precision=nano',
    '-Z',
    'root',
    '-w',
    '-',
  ];
  const chunks: Uint8Array[] = [];
  const tokens = new Set<number>();
  const waiting = new Map<number, (seen: boolean) => void>();
  const parser: CaptureParser = createCaptureParser({
    frame(bytes, start, captured, original) {
      if (captured !== original) return;
      const id = readToken(bytes, start, captured, request.salt);
      if (id < 0) return;
      tokens.add(id);
      const waiter = waiting.get(id);
      if (waiter === undefined) return;
      waiting.delete(id);
      waiter(true);
    },
  });
  let listening: (line: string | null) => void = () => undefined;
  const ready = new Promise<string | null>((resolve) => (listening = resolve));
  const dropsBefore = readPortDrops(request.node, request.port);
  const daemon: Daemon = startDaemon({
    node: request.node,
    argv: command,
    onData: (chunk) => {
      chunks.push(chunk);
      parser.push(chunk);
    },
    onLine: (line) => {
      if (line.includes('listening on')) listening(line);
    },
  });
  void daemon.ended.then(() => {
    listening(null);
    for (const waiter of waiting.values()) waiter(false);
    waiting.clear();
  });
  return {
    command,
    ready,
    seen(token) {
      if (tokens.has(token)) return Promise.resolve(true);
      if (daemon.hasEnded()) return Promise.resolve(false);
      return new Promise((resolve) => waiting.set(token, resolve));
    },
    async stop() {
      const dropsAfter = readPortDrops(request.node, request.port);
      // SIGKILL would tear the last record.
      if (!daemon.hasEnded()) daemon.child.kill('SIGINT');
      const { lastOutput } = await daemon.ended;
      return {
        bytes: Buffer.concat(chunks),
        receivedByFilter: statistic(lastOutput, 'received by filter'),
        droppedByKernel: statistic(lastOutput, 'dropped by kernel'),
        // tcpdump speaks of it only when it is not 0.
        droppedByInterface: statistic(lastOutput, 'dropped by interface') ?? 0,
        portDrops: dropsBefore === null || dropsAfter === null ? null : dropsAfter - dropsBefore,
        lastOutput,
      };
    },
  };
}
