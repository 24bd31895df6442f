import type { ArmedTap } from '../capture/armed.js';
import { DURATIONS } from '../durations.js';
import type { Nanoseconds } from '../evidence/types.js';
import { RECOVERY_GROUP } from '../judge/rules/recovery.js';
import { craftKinds, type CraftOptions } from '../stimulus/crafted.js';
import { flowPathsOf } from '../stimulus/flowPath.js';
import { sendAll } from './sending.js';
import type { Window } from './window.js';

/**
 * Sends one ARP reply after another until one was seen on every live leaf; returns when that one was sent, or null.
 */
async function measureRecovery(window: Window, live: readonly ArmedTap[]): Promise<Nanoseconds | null> {
  const sender = window.lab.topology.vms[0] ?? window.lab.topology.host;
  const flowPath = flowPathsOf(window.lab.topology, sender)[0];
  if (flowPath === undefined) throw new RangeError(`${sender.node} has no flow path`);
  const options: CraftOptions = { salt: window.salt, nextId: window.nextId, group: RECOVERY_GROUP };
  const giveUp = performance.now() + DURATIONS.recovery;
  for (;;) {
    const [probe] = await sendAll(window, craftKinds(flowPath, ['arp-reply-unicast'], 1, options));
    if (probe === undefined) throw new RangeError('nothing was sent');
    const seen = await Promise.all(live.map((tap) => tap.seen(probe.id, DURATIONS.recoveryProbe)));
    if (seen.every(Boolean)) return probe.sentNs;
    if (performance.now() > giveUp) return null;
  }
}

/** P8: from the carrier on until one frame was seen on every live leaf again; a sentence in the timeline. */
export async function noteRecovery(
  window: Window,
  leg: string,
  sinceNs: Nanoseconds,
  alive: readonly string[],
): Promise<void> {
  const live = window.taps.filter((tap) => tap.spec.role === 'leaf' && alive.includes(tap.spec.leg ?? ''));
  const recovered = await measureRecovery(window, live);
  const toNs = recovered ?? (await window.lab.now());
  const text =
    recovered === null
      ? `no frame was on every leaf again after ${leg} was back`
      : `every leaf has frames again ${(Number(BigInt(recovered) - BigInt(sinceNs)) / 1e6).toFixed(1)} ms after ${leg} was back`;
  window.timeline.push({ type: 'mark', text, fromNs: sinceNs, toNs });
}
