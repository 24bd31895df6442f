import { readFile } from 'node:fs/promises';
import type { Qmp } from './qmp.js';

/** A thread of a process of this machine. */
export interface Thread {
  readonly pid: number;
  readonly tid: number;
}

/** The thread that is the one CPU of a guest. Others of QEMU carry what goes in and out, and make no frame late in it. */
export async function cpuThread(qmp: Qmp, pid: number): Promise<Thread> {
  const [cpu] = (await qmp.ask('query-cpus-fast')) as readonly { readonly 'thread-id': number }[];
  return { pid, tid: cpu?.['thread-id'] ?? pid };
}

/**
 * How long a thread was ready to run and did not, ns: the second figure of /proc/PID/task/TID/schedstat
 * (Documentation/scheduler/sched-stats.rst). null where it has ended, or the kernel does not count it.
 */
export async function threadWait({ pid, tid }: Thread): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').catch(() => '');
  const waited = /^\d+ (\d+) \d+$/.exec(text.trim())?.[1];
  return waited === undefined ? null : Number(waited);
}
