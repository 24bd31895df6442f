import type { MacEntry, MacMoves } from '../evidence/types.js';
import type { Plane, SwitchControl } from './plane.js';

/** The host's switch, then the leaves. */
export function switchesOf(plane: Plane): readonly SwitchControl[] {
  return [plane, ...plane.leaves.values()];
}

/** The MAC tables of host and leaves. */
export async function fdbOf(plane: Plane): Promise<readonly MacEntry[]> {
  return (await Promise.all(switchesOf(plane).map((one) => one.fdb()))).flat();
}

/**
 * How often MACs have moved in host and leaves; nodes that do not count them, or do not answer `withinMs`, are left
 * out.
 */
export async function fdbMovesOf(plane: Plane, withinMs?: number): Promise<MacMoves> {
  const counts = await Promise.all(
    switchesOf(plane).map(async (one) => [one.node, await one.fdbMoves(withinMs)] as const),
  );
  return Object.fromEntries(counts.flatMap(([node, moves]) => (moves === null ? [] : [[node, moves]])));
}
