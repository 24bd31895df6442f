import type { Sender, Topology } from './model.js';
import { sendersOf } from './senders.js';

/** What the second host would call its wiring: itself in place of the first. Null where there is none. */
export function seenBySecondHost(topology: Topology): Topology | null {
  const { name, description, networks, leaves, leafSwitch, queues, secondHost } = topology;
  return secondHost === undefined
    ? null
    : {
        ...{ name, description, networks, leaves, ...secondHost },
        ...(leafSwitch === undefined ? {} : { leafSwitch }),
        ...(queues === undefined ? {} : { queues }),
      };
}

/** Host and VMs of the second host; none where there is none. */
export function secondSendersOf(topology: Topology): readonly Sender[] {
  const seen = seenBySecondHost(topology);
  return seen === null ? [] : sendersOf(seen);
}
