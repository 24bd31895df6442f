import type { EvidenceManifest } from '../evidence/types.js';
import type { InputDrops, Plane, SwitchControl } from '../dataplane/plane.js';
import { switchesOf } from '../dataplane/tables.js';

/**
 * The least number of frames lost between two readings; null where it cannot be known. If a switch was restarted in
 * between, this is what its new sockets lost. What the old ones lost since the first reading is not in it: their counts
 * ended with them. Starting up alone loses nothing.
 */
export function droppedBetween(
  before: readonly InputDrops[] | null,
  after: readonly InputDrops[] | null,
): number | null {
  if (before === null || after === null) return null;
  // The socket that lost frames is gone, and no other came in its place.
  if (before.length > 0 && after.length === 0) return null;
  const known = new Map(before.map(({ id, dropped }) => [id, dropped]));
  return after.reduce((sum, { id, dropped }) => sum + Math.max(0, dropped - (known.get(id) ?? 0)), 0);
}

/**
 * Begins to count the frames that the switches of host and leaves, and others, lose before they read them; the returned function
 * ends the count.
 */
export async function countSwitchDrops(
  plane: Plane,
  others: readonly SwitchControl[] = [],
): Promise<() => Promise<NonNullable<EvidenceManifest['switchDrops']>>> {
  const inputs = [...switchesOf(plane), ...others].flatMap(({ node, inputDrops }) =>
    inputDrops.ok ? [{ node, read: inputDrops.use }] : [],
  );
  const readAll = () => Promise.all(inputs.map(({ read }) => read()));
  const before = await readAll();
  return async () => {
    const after = await readAll();
    return inputs.flatMap(({ node }, at) => {
      const dropped = droppedBetween(before[at] ?? null, after[at] ?? null);
      return dropped === null ? [] : [{ node, dropped }];
    });
  };
}
