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

/**
 * How long a guest could not go on since its machine did not run it, ns: its CPU, or QEMU's first thread, which carries what
 * goes in and out; the longer of both. null where the kernel does not count it.
 */
export async function guestWait(cpu: Thread): Promise<number | null> {
  const waits = await Promise.all([threadWait(cpu), threadWait({ pid: cpu.pid, tid: cpu.pid })]);
  const known = waits.filter((wait) => wait !== null);
  return known.length === 0 ? null : Math.max(...known);
}
