import type { MacEntry } from '../evidence/types.js';
import { BRIDGE } from './bridge.js';
import type { OvsSwitch } from './switch.js';

/**
 * OpenFlow numbers of ports, and their names, in what `dpif/show` says: `    up-a 3/4: (system)`. The bridge's own port
 * is `LOCAL` in its MAC table.
 */
export function portNames(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(/^ {4}(\S+) (\d+)\/\S+: /gm)];
  return new Map(found.map(([, name = '', port = '']) => [port === '65534' ? 'LOCAL' : port, name]));
}

/** Rows of a switch's MAC table, with the names of its ports. */
export async function readMacTable(ovs: OvsSwitch): Promise<readonly MacEntry[]> {
  const rows = (await ovs.appctl(['fdb/show', BRIDGE])).trim().split('\n').slice(1);
  if (rows.length === 0) return [];
  const ports = portNames(await ovs.appctl(['dpif/show']));
  const entries: MacEntry[] = [];
  for (const row of rows) {
    const [port, vlan, mac] = row.trim().split(/\s+/);
    if (port === undefined || vlan === undefined || mac === undefined) continue;
    entries.push({ node: ovs.node.name, port: ports.get(port) ?? port, vlan: Number(vlan), mac });
  }
  return entries;
}

/**
 * How often a known MAC moved to another port, from `fdb/stats-show` (lib/mac-learning.c, total_moved); null where it
 * does not tell.
 */
export function movesIn(text: string): number | null {
  const count = /^\s*Total number of port moved MAC entries\s*:\s*(\d+)/m.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}

/** What the switch has counted. Throws where it does not answer; with `withinMs`, null. */
export async function readMoves(ovs: OvsSwitch, withinMs?: number): Promise<number | null> {
  if (withinMs === undefined) return movesIn(await ovs.appctl(['fdb/stats-show', BRIDGE]));
  return movesIn(await ovs.appctl(['fdb/stats-show', BRIDGE], withinMs).catch(() => ''));
}
