import { DURATIONS } from '../durations.js';
import { stackAddresses } from '../lab/addresses.js';
import type { Lab } from '../testbed/lab.js';
import { NeverHappened, until } from '../until.js';

/**
 * P14: what a leaf knows of the VMs' addresses after it came back with empty tables, first while no VM sends data, then
 * when it asks for them itself, as it does when a packet for a VM arrives from the spine. A sentence for the timeline.
 */
export async function relearning(lab: Lab, leaf: string): Promise<string> {
  const node = lab.node(leaf);
  const wanted = lab.topology.vms.flatMap((vm) => stackAddresses(vm).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]));
  const known = async () => {
    const { stdout } = await node.exec(['ip', 'neigh', 'show']);
    return wanted.filter((ip) =>
      stdout.split('\n').some((line) => line.startsWith(`${ip} `) && line.includes(' lladdr ')),
    ).length;
  };
  const learned = async (withinMs: number): Promise<{ readonly count: number; readonly ms: number }> => {
    const start = performance.now();
    let count = 0;
    try {
      await until(
        `${leaf} to know the VMs`,
        withinMs,
        async () => ((count = await known()) === wanted.length ? true : null),
        () => String(count),
      );
    } catch (error) {
      if (!(error instanceof NeverHappened)) throw error;
    }
    return { count, ms: performance.now() - start };
  };
  const unasked = await learned(DURATIONS.unaskedLearning);
  const alone = `${leaf} came back and knew ${unasked.count} of ${wanted.length} addresses of VMs after ${unasked.ms.toFixed(0)} ms without data of theirs`;
  if (unasked.count === wanted.length) return `P14: ${alone}.`;
  const asking = Promise.all(
    wanted.map((ip) => node.exec(['ping', '-n', '-c', '1', '-W', '1', ip], { mayFail: true })),
  );
  const asked = await learned(DURATIONS.neighborAnswer);
  await asking;
  return `P14: ${alone}; asking for them itself, it knew ${asked.count} after ${asked.ms.toFixed(0)} ms.`;
}
