import type { InputDrops } from '../dataplane/plane.js';
import type { Node } from '../testbed/node.js';

/**
 * The userspace datapath takes in the frames of each of its ports through such sockets (lib/netdev-linux.c,
 * netdev_linux_rxq_construct).
 */
const OWNER = 'ovs-vswitchd';

/**
 * Drops of each packet socket of the switch daemon in the output of `ss -0 -m -p -e -H`: `sk_drops`, which reading does
 * not clear (net/packet/diag.c). null where a socket is shown without it: the kernel has no packet_diag.
 */
export function inputDropsIn(text: string): readonly InputDrops[] | null {
  const sockets = text.split(/^(?=\S)/m).filter((socket) => socket.includes(`(("${OWNER}",`));
  const drops = sockets.map((socket) => ({
    id: /\bino:(\d+)/.exec(socket)?.[1],
    dropped: /\bskmem:\([^)]*\bd(\d+)\)/.exec(socket)?.[1],
  }));
  if (drops.some(({ id, dropped }) => id === undefined || dropped === undefined)) return null;
  return drops.map(({ id, dropped }) => ({ id: Number(id), dropped: Number(dropped) }));
}

/** Frames that the input sockets of a node's Open vSwitch have lost since each was opened. */
export async function readInputDrops(node: Node): Promise<readonly InputDrops[] | null> {
  const { code, stdout } = await node.exec(['ss', '-0', '-m', '-p', '-e', '-n', '-H'], { mayFail: true });
  return code === 0 ? inputDropsIn(stdout) : null;
}
