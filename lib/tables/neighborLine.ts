import type { NeighborEvent, NeighborState } from '../evidence/types.js';

const STATES: readonly NeighborState[] = [
  'INCOMPLETE',
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'FAILED',
  'NOARP',
  'PERMANENT',
  'NONE',
];

/** An event with the interface on which it happened. */
export interface PortEvent extends NeighborEvent {
  readonly port: string;
}

/**
 * One line of `TZ=UTC ip -ts monitor neigh`:
 *
 *     [2026-01-02T03:04:05.678901] 198.51.100.11 dev gw-v20 lladdr 02:00:00:00:01:0a REACHABLE
 *     [2026-01-02T03:04:05.678901] Deleted 2001:db8:20::11 dev gw-v20 lladdr 02:00:00:00:01:0a router STALE
 *
 * null for lines that are not about a neighbor. The time is when ip read the kernel's message, on the same clock as
 * captures.
 */
export function readNeighborLine(leaf: string, line: string): PortEvent | null {
  const match = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})\] (Deleted )?([0-9a-f.:]+) dev (\S+)(.*)$/.exec(line);
  if (match === null) return null;
  const [, second = '', micros = '', deleted, ip = '', port = '', rest = ''] = match;
  const last = rest.trim().split(/\s+/).at(-1);
  const state = deleted === undefined ? STATES.find((one) => one === last) : 'DELETED';
  if (state === undefined) return null;
  return {
    leaf,
    ip,
    port,
    state,
    atNs: String(BigInt(Date.parse(`${second}Z`)) * 1_000_000n + BigInt(micros) * 1_000n),
  };
}
