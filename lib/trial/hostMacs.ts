import type { Node } from '../testbed/node.js';

/** MACs in the output of `ip -o link show`; an interface that is not Ethernet has none. */
export function readMacs(shown: string): readonly string[] {
  return [...new Set([...shown.matchAll(/ link\/ether ([0-9a-f:]{17})\b/g)].flatMap(([, mac = '']) => [mac]))];
}

/** The MACs of a node's interfaces as they are now. */
export async function macsOf(node: Node): Promise<readonly string[]> {
  return readMacs((await node.exec(['ip', '-o', 'link', 'show'])).stdout);
}
