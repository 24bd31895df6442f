import { readdir, readFile } from 'node:fs/promises';

/**
 * How long the threads of a process of this machine were ready to run and did not, together, ns: the second figure of
 * each /proc/PID/task/TID/schedstat (Documentation/scheduler/sched-stats.rst). null where it has ended, or the kernel does
 * not count it. A guest that emulates one CPU has one thread for it, and some that carry what goes in and out.
 */
export async function processWait(pid: number): Promise<number | null> {
  try {
    const threads = await readdir(`/proc/${pid}/task`);
    const waits = await Promise.all(
      threads.map(async (thread) => {
        const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => null);
        // A thread that ends meanwhile takes its figure with it.
        return text === null ? 0 : Number(/^\d+ (\d+) \d+$/.exec(text.trim())?.[1] ?? Number.NaN);
      }),
    );
    const sum = waits.reduce((all, one) => all + one, 0);
    return Number.isNaN(sum) ? null : sum;
  } catch {
    return null;
  }
}
