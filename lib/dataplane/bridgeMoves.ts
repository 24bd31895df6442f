import type { Node } from '../testbed/node.js';

/** Reads lines of `bridge monitor fdb`, and counts how often a MAC that was behind one port is found behind another. */
export function moveCounter(bridge: string): { readonly line: (text: string) => void; readonly count: () => number } {
  const ports = new Map<string, string>();
  let moves = 0;
  return {
    line(text) {
      // "[FDB]Deleted 02:00:00:00:01:0a dev vm1 master vmbr0", with "permanent" for the bridge's own MACs.
      const found = /(Deleted )?([0-9a-f]{2}(?::[0-9a-f]{2}){5}) dev (\S+)(.*)/.exec(text);
      const [, deleted, address = '', port = '', rest = ''] = found ?? [];
      // In each VLAN it is another's (iproute2 prints "vlan 20" before the master).
      const mac = `${address} ${/ vlan (\d+) /.exec(rest)?.[1] ?? ''}`;
      if (address === '' || !rest.includes(`master ${bridge}`) || rest.includes('permanent')) return;
      const before = ports.get(mac);
      if (deleted !== undefined) {
        if (before === port) ports.delete(mac);
        return;
      }
      if (before !== undefined && before !== port) moves++;
      ports.set(mac, port);
    },
    count: () => moves,
  };
}

/** Counts moves from now on, until the lab is gone: a bridge itself does not count them. */
export async function countMoves(node: Node, bridge: string): Promise<() => number> {
  const counter = moveCounter(bridge);
  await node.spawn(['bridge', 'monitor', 'fdb'], { onLine: counter.line });
  return counter.count;
}
