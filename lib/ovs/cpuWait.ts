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
