import { readFiles } from '../lab/files.js';
import { createCaptureParser } from '../pcap/parser.js';
import type { Node } from '../testbed/node.js';
import type { LiveTap, TapOptions } from '../testbed/port.js';
import type { Timing } from '../testbed/timing.js';
import { readToken } from '../wire/token.js';

/**
 * Octets kept of a frame. Frames of the lab itself are short, and this holds any frame of a 1500-octet link with its
 * tags, so the token at a frame's end is always there. With what the kernel and libpcap put before it (70 octets in
 * libpcap 1.10) two frames share a page, the least that a block of the ring has: from 1979 on each takes a page of its
 * own. Source: libpcap, pcap-linux.c, `create_ring`.
 */
const SNAP_LENGTH = 1960;
/**
 * KiB of kernel ring: 2048 frames. tcpdump touches every page of it before it listens, so that a ring four times as
 * long doubles the cost of a short capture. What does not fit is counted, and then nothing is concluded.
 */
const BUFFER_KIB = 4096;

/**
 * `tcpdump` on a port, its capture on stdout.
 *
 * @param bufferKib kernel ring, KiB: it holds what comes while the reader of its output is slow
 */
export function captureCommand(port: string, direction: 'in' | 'out', bufferKib = BUFFER_KIB): readonly string[] {
  const sizes = ['-s', String(SNAP_LENGTH), '-B', String(bufferKib)];
  return [
    ...['tcpdump', '-i', port, '-Q', direction, '-n', '--immediate-mode', '-U'],
    ...[...sizes, '--time-stamp-precision=nano', '-Z', 'root', '-w', '-'],
  ];
}

/**
 * Frames that were lost before any tap could see them: errors, overruns and framing errors of the port (/proc/net/dev)
 * and of the machine's receive backlog (/proc/net/softnet_stat, second column; net/core/net-procfs.c). The port's own
 * `drop` column is not counted: the kernel also counts frames there that every tap saw and no protocol wanted. null
 * when the port is gone.
 */
export function portDropsIn(devices: string, softnet: string, port: string): number | null {
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

async function readPortDrops(node: Node, port: string): Promise<number | null> {
  const [devices = '', softnet = ''] = await readFiles(node, ['/proc/net/dev', '/proc/net/softnet_stat']);
  return portDropsIn(devices, softnet, port);
}

/** Number in front of a phrase of tcpdump's closing statistics; null where it is not among them. */
export function statistic(output: string, phrase: string): number | null {
  const match = new RegExp(`(\\d+) packets? ${phrase}`).exec(output);
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** Tokens that have been captured, and the callers that wait for one. */
function watchTokens() {
  const seen = new Set<number>();
  const waiting = new Set<{ take(token: number): void; done(): void }>();
  let isOver = false;
  return {
    take(token: number): void {
      seen.add(token);
      for (const waiter of waiting) waiter.take(token);
    },
    /** The capture has ended. */
    end(): void {
      isOver = true;
      for (const waiter of waiting) waiter.done();
    },
    missing(tokens: readonly number[], timeoutMs: number): Promise<readonly number[]> {
      const left = new Set(tokens.filter((token) => !seen.has(token)));
      if (left.size === 0 || isOver) return Promise.resolve([...left]);
      return new Promise((resolve) => {
        const waiter = {
          take(token: number) {
            if (left.delete(token) && left.size === 0) this.done();
          },
          done() {
            clearTimeout(timer);
            waiting.delete(waiter);
            resolve([...left]);
          },
        };
        const timer = setTimeout(() => waiter.done(), timeoutMs);
        waiting.add(waiter);
      });
    },
  };
}

/** Captures a port of a Linux node by tcpdump, wherever a process can be started. */
export async function openLiveTap(
  node: Node,
  port: string,
  { direction, salt, sink }: TapOptions,
  timing: Pick<Timing, 'captureReady' | 'command'>,
  bufferKib?: number,
): Promise<LiveTap> {
  const command = captureCommand(port, direction, bufferKib);
  const tokens = watchTokens();
  let records = 0;
  const parser = createCaptureParser({
    frame(bytes, start, captured, original) {
      records++;
      if (captured !== original) return;
      const token = readToken(bytes, start, captured, salt);
      if (token >= 0) tokens.take(token);
    },
  });
  const dropsBefore = await readPortDrops(node, port);
  const process = await node.spawn(command, {
    onBytes(chunk) {
      sink.write(chunk);
      parser.push(chunk);
    },
  });
  const over = process.ended.then(() => {
    sink.end();
    tokens.end();
  });
  const ready = await process.line(/listening on/, timing.captureReady);
  return {
    command,
    ready,
    missing: (some, timeoutMs) => tokens.missing(some, timeoutMs),
    seen: async (token, timeoutMs) => (await tokens.missing([token], timeoutMs)).length === 0,
    async stop() {
      const dropsAfter = await readPortDrops(node, port);
      // SIGKILL would tear the last record.
      const { lastOutput } = await process.stop('SIGINT', timing.command);
      await over;
      const dropped = statistic(lastOutput, 'dropped by kernel');
      const captured = statistic(lastOutput, 'captured');
      return {
        receivedByFilter: statistic(lastOutput, 'received by filter'),
        // What it captured and we did not get was lost on its way, wherever that was.
        droppedByKernel: dropped === null || captured === null ? null : dropped + Math.abs(captured - records),
        // tcpdump prints it only when it is not 0.
        droppedByInterface: statistic(lastOutput, 'dropped by interface') ?? 0,
        portDrops: dropsBefore === null || dropsAfter === null ? null : dropsAfter - dropsBefore,
      };
    },
  };
}
