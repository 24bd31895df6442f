import { patience } from '../lab/patience.js';
import type { Node } from '../testbed/node.js';

/** Limit of a whole trial that has `ms` on this machine, where some nodes of its lab are slower: each wait in it grows with them. */
export function trialLimit(nodes: readonly Pick<Node, 'slowness'>[], ms: number): number {
  return Math.max(ms, ...nodes.map((node) => patience(node, ms)));
}
