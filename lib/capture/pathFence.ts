import { DURATIONS } from '../durations.js';
import type { Lane } from '../stimulus/lane.js';
import type { Lab } from '../testbed/lab.js';
import { buildFrame } from '../wire/build.js';
import type { ArmedTap } from './armed.js';
import { need } from '../testbed/capability.js';

/**
 * A bond sends one fence down one leg, and that leg may be mute. 24 fences with distinct flows (source MAC, ports) all
 * hash to one leg with probability 2^-24; with 8 it was seen to happen. Each fence is behind every probe of its sender,
 * on the same path through the host.
 */
const FENCES = 24;

/**
 * MAC of a sender's n-th fence: locally administered, in a block that no sender and no guest uses. Two senders with one
 * MAC would make it move.
 */
function fenceMac(lane: Lane, number: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return `0a:00:00:00:${hex(lane.number)}:${hex(number)}`;
}

/**
 * Sends fences behind the probes of a lane; whether one has come out at some leaf, so that the probes before them have,
 * too.
 */
export async function pathFence(
  lab: Lab,
  lane: Lane,
  leaves: readonly ArmedTap[],
  salt: number,
  nextControlId: () => number,
): Promise<boolean> {
  const ids = Array.from({ length: FENCES }, nextControlId);
  const frames = ids.map((id, number) =>
    buildFrame('data-udp', {
      sourceMac: fenceMac(lane, number),
      sourceIpv4: lane.ipv4,
      sourceIpv6: lane.ipv6,
      gatewayMac: lane.gatewayMac,
      gatewayIpv4: lane.gateway4,
      gatewayIpv6: lane.gateway6,
      variation: id,
      tags: lane.sentTags,
      salt,
      id,
    }),
  );
  await need(lab.port(lane.sender.node, lane.sender.nic).inject)(frames);
  const sightings = leaves.flatMap((tap) =>
    ids.map(async (id) =>
      (await tap.seen(id, DURATIONS.controlFrame)) ? true : Promise.reject(new Error('not seen')),
    ),
  );
  return Promise.any(sightings).catch(() => false);
}
