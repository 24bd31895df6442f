import type { MacEntry } from '../evidence/types.js';

interface FdbRow {
  readonly mac: string;
  readonly ifname: string;
  readonly master?: string;
  readonly state: string;
  readonly vlan?: number;
}

/**
 * The MACs behind each port, from `bridge -j fdb show`. Left out: the bridge's own MACs, and what a port lets
 * through (`self`).
 *
 * @param vlanOf the VLAN of an entry, 0 for none, by what the bridge calls it: it has a number for untagged frames, too
 */
export function fdbIn(text: string, node: string, vlanOf: (number: number) => number): readonly MacEntry[] {
  return (JSON.parse(text) as readonly FdbRow[])
    .filter(({ master, state }) => master !== undefined && state !== 'permanent')
    .map(({ mac, ifname, vlan = 0 }) => ({ node, port: ifname, vlan: vlanOf(vlan), mac }));
}
