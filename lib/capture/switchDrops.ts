import type { EvidenceManifest } from '../evidence/types.js';
import type { Lab, SocketDrops } from '../testbed/types.js';

/**
 * What was lost between two readings, at least; null where nobody knows. Where a switch was restarted in between, that is all that its new
 * sockets lost, and not what the old ones lost since the first reading: their counts ended with them. Starting up alone loses nothing.
 */
export function droppedBetween(before: SocketDrops, after: SocketDrops): number | null {
  if (before.inputs === null || after.inputs === null) return null;
  // Whoever lost something is gone, and nobody came in its place.
  if (before.inputs.length > 0 && after.inputs.length === 0) return null;
  const known = new Map(before.inputs.map(({ id, dropped }) => [id, dropped]));
  return after.inputs.reduce((sum, { id, dropped }) => sum + Math.max(0, dropped - (known.get(id) ?? 0)), 0);
}

/** Begins to count what the switches of host and leaves lose before they read it; what is returned ends it. */
export async function countSwitchDrops(lab: Lab): Promise<() => Promise<NonNullable<EvidenceManifest['switchDrops']>>> {
  const nodes = [lab.topology.host.node, ...lab.topology.leaves.map((leaf) => leaf.name)].map((name) => lab.node(name));
  const read = () => Promise.all(nodes.map((node) => node.socketDrops()));
  const before = await read();
  return async () => {
    const after = await read();
    return nodes.flatMap(({ name }, at) => {
      const [first, last] = [before[at], after[at]];
      const dropped = first === undefined || last === undefined ? null : droppedBetween(first, last);
      return dropped === null ? [] : [{ node: name, dropped }];
    });
  };
}
