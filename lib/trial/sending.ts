import type { Probe } from '../evidence/types.js';
import { groupBy } from '../groupBy.js';
import type { CraftedProbe } from '../stimulus/crafted.js';
import { STREAM_GROUP } from '../stimulus/stream.js';
import { legTo } from '../topology/legs.js';
import { senderNamed } from '../topology/senders.js';
import { skipPart, type Window } from './window.js';
import { LackError, need, type Lack } from '../testbed/capability.js';

/**
 * Senders out of whose NICs frames can be sent; that others were not tried is noted. Throws LackError where none can.
 */
export function sendable<P>(window: Window, bySender: ReadonlyMap<string, P>): ReadonlyMap<string, P> {
  const { lab } = window;
  const lacks = new Map<string, Lack>();
  for (const name of bySender.keys()) {
    const { inject } = lab.port(name, senderNamed(lab.topology, name).nic);
    if (!inject.ok) lacks.set(name, inject.lack);
  }
  if (lacks.size > 0 && lacks.size === bySender.size) throw new LackError([...lacks.values()]);
  for (const lack of lacks.values()) skipPart(window, lack);
  return new Map([...bySender].filter(([name]) => !lacks.has(name)));
}

/**
 * Sends crafted probes from their senders' NICs, all senders at once; `rate` is each sender's, in frames per second.
 */
export async function sendAll(
  window: Window,
  probes: readonly CraftedProbe[],
  rate?: number,
): Promise<readonly Probe[]> {
  const bySender = sendable(
    window,
    groupBy(probes, (probe) => probe.sender),
  );
  const sent = await Promise.all(
    [...bySender].map(async ([name, group]) => {
      const sender = senderNamed(window.lab.topology, name);
      window.used.add(name);
      const times = await need(window.lab.port(name, sender.nic).inject)(
        group.map((probe) => Buffer.from(probe.frame, 'hex')),
        rate,
      );
      return group.map((probe, index): Probe => ({ ...probe, sentNs: times[index] ?? '0' }));
    }),
  );
  const all = sent.flat();
  if (probes.some((probe) => probe.group !== STREAM_GROUP)) window.lastSentMs = performance.now();
  else window.lastStreamedMs = performance.now();
  window.probes.push(...all);
  return all;
}

/** Sends probes as a leaf: out of its end of the leg. */
export async function sendAsLeaf(
  window: Window,
  leaf: string,
  probes: readonly CraftedProbe[],
): Promise<readonly Probe[]> {
  const leg = legTo(window.lab.topology, leaf);
  const times = await need(window.lab.port(leaf, leg.leafPort).inject)(
    probes.map((probe) => Buffer.from(probe.frame, 'hex')),
  );
  const all = probes.map((probe, index): Probe => ({ ...probe, sender: leaf, sentNs: times[index] ?? '0' }));
  window.probes.push(...all);
  return all;
}
