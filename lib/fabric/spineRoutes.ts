import type { RouteEvent } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';
import { TestbedError } from '../testbed/error.js';

/** A route as `ip -json route` prints it; the spine's port to a leaf has the leaf's name. */
interface RouteRow {
  readonly dst: string;
  readonly dev?: string;
  readonly nexthops?: readonly { readonly dev?: string; readonly flags?: readonly string[] }[];
}

/** Leaves over which each host route leads, by address. */
export type SpineTable = ReadonlyMap<string, readonly string[]>;

/** Reads `ip -json route show proto bgp`. */
export function readRoutes(json: string): SpineTable {
  const rows = JSON.parse(json.trim() === '' ? '[]' : json) as readonly RouteRow[];
  return new Map(
    rows.map((row) => {
      const hops = row.nexthops ?? [{ ...(row.dev === undefined ? {} : { dev: row.dev }) }];
      const leaves = hops.flatMap((hop) =>
        hop.dev === undefined || hop.flags?.includes('linkdown') === true || hop.flags?.includes('dead') === true
          ? []
          : [hop.dev],
      );
      return [row.dst, [...new Set(leaves)].sort()] as const;
    }),
  );
}

export interface SpineRoutes {
  /** Every change that was seen since the watch began. */
  readonly events: readonly RouteEvent[];
  now(): Promise<SpineTable>;
  stop(): Promise<void>;
}

/**
 * Watches the kernel's routing table of the spine: the table is read at each change that the kernel reports. Times are
 * the times of reading.
 */
export async function watchSpine(lab: Lab, spine: string, addresses: readonly string[]): Promise<SpineRoutes> {
  const node = lab.node(spine);
  const events: RouteEvent[] = [];
  const known = new Map<string, string>();
  let due = 0;
  let done = 0;
  let stopped = false;
  let running: Promise<void> | null = null;
  const now = async (): Promise<SpineTable> => {
    const tables = await Promise.all(
      [[], ['-6']].map((family) => node.exec(['ip', ...family, '-json', 'route', 'show', 'proto', 'bgp'])),
    );
    return new Map(tables.flatMap(({ stdout }) => [...readRoutes(stdout)]));
  };
  const read = async (): Promise<void> => {
    while (done < due) {
      done = due;
      const table = await now();
      const atNs = await lab.now();
      for (const ip of addresses) {
        const leaves = table.get(ip) ?? [];
        if ((known.get(ip) ?? '') === leaves.join()) continue;
        known.set(ip, leaves.join());
        events.push({ atNs, ip, leaves });
      }
    }
    running = null;
  };
  const look = (): void => {
    due++;
    if (!stopped) running ??= read();
  };
  const monitor = await node.spawn(['ip', '-oneline', 'monitor', 'route', 'nexthop'], { onLine: look });
  look();
  return {
    events,
    now,
    async stop() {
      if (monitor.hasEnded() !== null)
        throw new TestbedError(`on ${spine}: "ip monitor route" ended: ${monitor.hasEnded()?.lastOutput ?? ''}`);
      await monitor.stop();
      look();
      stopped = true;
      await running;
    },
  };
}
