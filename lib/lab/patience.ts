import type { Node } from '../testbed/node.js';

/** A limit for something that a program does on a node, ms: longer where the node is slower than this machine. */
export function patience({ slowness = 1 }: Pick<Node, 'slowness'>, ms: number): number {
  return Math.round(ms * slowness);
}
