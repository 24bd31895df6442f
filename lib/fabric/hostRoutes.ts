import type { WatchedNeighbor } from '../evidence/types.js';
import type { LeafTables } from '../tables/leafTables.js';
import type { PortEvent } from '../tables/neighborLine.js';
import type { Lab } from '../testbed/lab.js';

const lengthOf = (ip: string): number => (ip.includes(':') ? 128 : 32);

/** An entry by which the leaf can reach its neighbor now. */
export function isUsable(event: PortEvent | null): boolean {
  const state = event?.state;
  return (
    state === 'REACHABLE' ||
    state === 'STALE' ||
    state === 'DELAY' ||
    state === 'PROBE' ||
    state === 'PERMANENT' ||
    state === 'NOARP'
  );
}

export interface HostRoutes {
  /** Resolves when every change of the tables so far is in the routes. */
  settled(): Promise<void>;
}

/**
 * What vendors call ARP-to-host-route: as long as the leaf has a neighbor's entry, it has a /32 or /128 route to it,
 * which its routing daemon announces. The routes follow the kernel's notifications for each entry, in order.
 */
export function followWithRoutes(lab: Lab, tables: LeafTables): HostRoutes {
  const queues = new Map<string, Promise<void>>();
  const present = new Map<string, boolean>();
  const known = new Set(tables.watched.map(({ ip }: WatchedNeighbor) => ip));
  const take = (event: PortEvent): void => {
    if (!known.has(event.ip)) return;
    const key = `${event.leaf} ${event.ip}`;
    const wanted = isUsable(event);
    if (present.get(key) === wanted || (!wanted && !present.has(key))) return;
    present.set(key, wanted);
    const route = [`${event.ip}/${lengthOf(event.ip)}`, 'dev', event.port, 'proto', 'static'];
    const change = async (): Promise<void> => {
      await lab
        .node(event.leaf)
        .exec(['ip', ...(event.ip.includes(':') ? ['-6'] : []), 'route', wanted ? 'replace' : 'del', ...route]);
    };
    queues.set(event.leaf, (queues.get(event.leaf) ?? Promise.resolve()).then(change));
  };
  for (const { leaf, ip } of tables.watched) {
    const event = tables.state(leaf, ip);
    if (event !== null) take(event);
  }
  tables.on(take);
  return {
    async settled() {
      await Promise.all(queues.values());
    },
  };
}
