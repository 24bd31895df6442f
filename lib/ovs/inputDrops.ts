import type { InputDrops } from '../dataplane/plane.js';
import type { PacketSocket } from '../testbed/node.js';
import type { OvsSwitch } from './switch.js';

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

/** The same as ss(8) tells, without starting it: all drops, or null. */
function dropsOf(sockets: readonly PacketSocket[] | null): readonly InputDrops[] | null {
  const drops = (sockets ?? []).flatMap(({ inode, dropped }) => (dropped === null ? [] : [{ id: inode, dropped }]));
  return sockets === null || drops.length < sockets.length ? null : drops;
}

/** Frames that the input sockets of a node's Open vSwitch have lost since each was opened. */
export async function readInputDrops({
  node,
  pidFile,
}: Pick<OvsSwitch, 'node' | 'pidFile'>): Promise<readonly InputDrops[] | null> {
  const { packetSockets } = node.shortcuts;
  if (packetSockets !== undefined) return dropsOf(await packetSockets(pidFile));
  const { code, stdout } = await node.exec(['ss', '-0', '-m', '-p', '-e', '-n', '-H'], { mayFail: true });
  return code === 0 ? inputDropsIn(stdout) : null;
}
