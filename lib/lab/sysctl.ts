import type { Node } from '../testbed/node.js';

/** Sets values below /proc/sys of a node: `net/ipv4/ip_forward` -> `0`. Throws TestbedError where one is not taken. */
export async function setSysctls(node: Node, values: Readonly<Record<string, string>>): Promise<void> {
  if (node.shortcuts.sysctl !== undefined) return node.shortcuts.sysctl(values);
  const words = Object.entries(values).flat();
  const script = 'while [ $# -gt 0 ]; do printf %s "$2" >"/proc/sys/$1" || exit; shift 2; done';
  await node.exec(['sh', '-c', script, 'sh', ...words]);
}
