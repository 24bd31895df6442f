import { DURATIONS } from '../durations.js';
import { patience } from '../lab/patience.js';
import type { Node } from '../testbed/node.js';
import { until } from '../until.js';

/** A port, of `bridge -j link show`. */
interface BridgePort {
  readonly ifname: string;
  readonly state: string;
}

/**
 * Resolves when these ports of a bridge forward. A port that has its carrier does not yet: the kernel tells the bridge of it in
 * a work of its own, up to a second later (net/core/link_watch.c), and what comes in before is dropped. Throws
 * NeverHappened.
 */
export async function untilForwarding(node: Node, ports: readonly string[]): Promise<void> {
  let seen: readonly BridgePort[] = [];
  await until(
    `${ports.join(' and ')} of ${node.name} to forward`,
    patience(node, DURATIONS.linkUp),
    async () => {
      const { stdout } = await node.exec(['bridge', '-j', 'link', 'show']);
      seen = (JSON.parse(stdout) as readonly BridgePort[]).filter(({ ifname }) => ports.includes(ifname));
      return ports.every((port) => seen.some(({ ifname, state }) => ifname === port && state === 'forwarding'))
        ? true
        : null;
    },
    () => `states of these ports of the bridge: ${seen.map(({ ifname, state }) => `${ifname} ${state}`).join(', ')}`,
    DURATIONS.memberLook,
  );
}
