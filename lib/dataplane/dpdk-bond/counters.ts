import type { Node } from '../../testbed/node.js';
import type { InputDrops } from '../plane.js';

/** Of a thread: time that it was ready to run and did not, ns (Documentation/scheduler/sched-stats.rst). */
const WAITED = /^\d+ (\d+) \d+$/;

/** Names of the threads that poll ports: of DPDK up to 22.07, 22.11, and later (lib/eal/linux/eal.c). */
const POLLS = 'lcore-worker-*|rte-worker-*|dpdk-worker*';

/** What the thread that forwards has waited for a processor, ns; null where it does not run, or the kernel does not count it. */
export async function readPollingWait(node: Node, pidFile: string): Promise<number | null> {
  const script = `for task in /proc/"$(cat "$1")"/task/*; do case $(cat "$task/comm") in ${POLLS}) cat "$task/schedstat";; esac; done`;
  const { stdout } = await node.exec(['sh', '-c', script, 'sh', pidFile], { mayFail: true });
  const waited = WAITED.exec(stdout.trim())?.[1];
  return waited === undefined ? null : Number(waited);
}

/** Frames for which the rings of its ports had no room; null where the kernel does not tell. */
export async function readInputDrops(node: Node, pidFile: string): Promise<readonly InputDrops[] | null> {
  const sockets = (await node.shortcuts.packetSockets?.(pidFile)) ?? null;
  if (sockets === null) return null;
  const drops = sockets.flatMap(({ inode, dropped }) => (dropped === null ? [] : [{ id: inode, dropped }]));
  return drops.length < sockets.length ? null : drops;
}
