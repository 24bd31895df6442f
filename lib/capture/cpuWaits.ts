import { setTimeout as wait } from 'node:timers/promises';
import type { SwitchControl } from '../dataplane/plane.js';
import { DURATIONS } from '../durations.js';
import type { CpuWait, Nanoseconds } from '../evidence/types.js';
import { offer } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';

/** Shorter waits in one look make no frame late. */
const LEAST_NS = 20e6;

/**
 * What the host's switch waits for a CPU, and with it the machine that the lab is on, where that is emulated: of that one
 * nothing is seen from inside. Where no program forwards, nothing: there a frame takes so little of a CPU that a late one
 * was held by something else.
 */
export function allWaits(
  { cpuWait }: Pick<SwitchControl, 'cpuWait'>,
  { machineWait }: Pick<Lab, 'machineWait'>,
): SwitchControl['cpuWait'] {
  if (machineWait === undefined || cpuWait?.ok !== true) return cpuWait;
  return offer(async () => {
    const [own, machine] = await Promise.all([cpuWait.use(), machineWait()]);
    return own === null || machine === null ? null : own + machine;
  });
}

/**
 * Looks again and again how long the host's switch waited for a CPU; the returned function ends that. What cannot be
 * read is not reported: its switch is being restarted. After `goneAfterMs` without a figure it ends by itself: the lab is
 * gone, and nobody asked for the waits.
 */
export function watchCpuWaits(
  { node, cpuWait }: { readonly node: string; readonly cpuWait?: SwitchControl['cpuWait'] },
  now: () => Promise<Nanoseconds>,
  goneAfterMs: number = DURATIONS.daemonStart,
): () => Promise<readonly CpuWait[]> {
  if (cpuWait?.ok !== true) return () => Promise.resolve([]);
  const { use: read } = cpuWait;
  const waits: CpuWait[] = [];
  const over = new AbortController();
  let last: { readonly fromNs: Nanoseconds; readonly total: number } | null = null;
  let readMs = performance.now();
  async function look(): Promise<void> {
    // The figure belongs to some instant between the two.
    const fromNs = await now();
    const total = await read();
    const toNs = await now();
    const waitedNs = total === null || last === null ? 0 : total - last.total;
    if (last !== null && waitedNs >= LEAST_NS) waits.push({ node, fromNs: last.fromNs, toNs, waitedNs });
    last = total === null ? null : { fromNs, total };
    if (total !== null) readMs = performance.now();
  }
  const looks = (async () => {
    while (!over.signal.aborted) {
      await look();
      if (performance.now() - readMs > goneAfterMs) return;
      await wait(DURATIONS.cpuLook, undefined, { signal: over.signal }).catch(() => undefined);
    }
    await look();
  })().catch(() => undefined);
  return async () => {
    over.abort();
    await looks;
    return waits;
  };
}
