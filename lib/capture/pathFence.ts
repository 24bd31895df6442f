import type { FlowPath } from '../stimulus/flowPath.js';
import type { Lab } from '../testbed/lab.js';
import { buildFrame } from '../wire/build.js';
import type { ArmedTap } from './armed.js';
import { neighborControl } from './neighborControl.js';
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
function fenceMac(flowPath: FlowPath, number: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return `0a:00:00:00:${hex(flowPath.number)}:${hex(number)}`;
}

/**
 * Sends fences after the probes of a flow path. Returns whether one came out at some leaf: then the probes before it
 * have passed the host, too.
 */
export async function pathFence(
  lab: Lab,
  flowPath: FlowPath,
  leaves: readonly ArmedTap[],
  salt: number,
  nextControlId: () => number,
): Promise<boolean> {
  const ids = Array.from({ length: FENCES }, nextControlId);
  const hidden = leaves.some(({ spec }) => spec.neighborsOnly === true);
  const frames = ids.flatMap((id, number) => [
    buildFrame('data-udp', {
      sourceMac: fenceMac(flowPath, number),
      sourceIpv4: flowPath.ipv4,
      sourceIpv6: flowPath.ipv6,
      gatewayMac: flowPath.gatewayMac,
      gatewayIpv4: flowPath.gateway4,
      gatewayIpv6: flowPath.gateway6,
      variation: id,
      tags: flowPath.sentTags,
      salt,
      id,
    }),
    // A leaf that does not show data may be the only one that is reached.
    ...(hidden ? neighborControl({ source: fenceMac(flowPath, number), tags: flowPath.sentTags, salt, id }) : []),
  ]);
  await need(lab.port(flowPath.sender.node, flowPath.sender.nic).inject)(frames);
  const sightings = leaves.flatMap((tap) =>
    ids.map(async (id) =>
      (await tap.seen(id, lab.timing.controlFrame)) ? true : Promise.reject(new Error('not seen')),
    ),
  );
  return Promise.any(sightings).catch(() => false);
}
