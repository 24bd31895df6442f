import { readFiles } from '../lab/files.js';
import type { OvsSwitch } from './switch.js';

/**
 * Time that a thread was ready to run and did not, ns: the second figure of /proc/PID/schedstat
 * (Documentation/scheduler/sched-stats.rst). null where the kernel does not count it.
 */
export function cpuWaitIn(schedstat: string): number | null {
  const waited = /^\d+ (\d+) \d+$/.exec(schedstat.trim())?.[1];
  return waited === undefined ? null : Number(waited);
}

/** What the main thread of a node's Open vSwitch has waited, which forwards the frames of its userspace datapath. */
export async function readCpuWait({ node, pidFile }: Pick<OvsSwitch, 'node' | 'pidFile'>): Promise<number | null> {
  try {
    const [pid = ''] = await readFiles(node, [pidFile]);
    const [schedstat = ''] = await readFiles(node, [`/proc/${pid.trim()}/schedstat`]);
    return cpuWaitIn(schedstat);
  } catch {
    // It is just being restarted.
    return null;
  }
}

/**
 * The same of the threads that forward the first frame of each flow, where the kernel forwards all others: Open vSwitch
 * calls them `handler1` and so on (ofproto/ofproto-dpif-upcall.c). Their waits are added up, whichever of them had the
 * frame.
 */
export function handlerWaits({ node, pidFile }: Pick<OvsSwitch, 'node' | 'pidFile'>): () => Promise<number | null> {
  let known: { readonly pid: string; readonly files: readonly string[] } | null = null;
  const filesOf = async (pid: string): Promise<readonly string[]> => {
    if (known?.pid === pid) return known.files;
    const find = 'grep -l ^handler /proc/"$1"/task/*/comm';
    const { stdout } = await node.exec(['sh', '-c', find, 'sh', pid], { mayFail: true });
    const files = stdout.split('\n').flatMap((path) => (path === '' ? [] : [path.replace(/comm$/, 'schedstat')]));
    // A daemon that has just been started has none yet.
    if (files.length > 0) known = { pid, files };
    return files;
  };
  return async () => {
    try {
      const [pid = ''] = await readFiles(node, [pidFile]);
      const files = await filesOf(pid.trim());
      const waits = (await readFiles(node, files)).map(cpuWaitIn);
      return waits.length === 0 || waits.includes(null)
        ? null
        : waits.reduce((sum: number, one) => sum + (one ?? 0), 0);
    } catch {
      // It is just being restarted.
      known = null;
      return null;
    }
  };
}
