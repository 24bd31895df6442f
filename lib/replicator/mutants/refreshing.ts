import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { lanesOf } from '../../stimulus/lane.js';
import type { Lab } from '../../testbed/types.js';
import { buildFrame } from '../../wire/build.js';
import type { InstalledReplicator } from '../types.js';

/** No experiment has this salt, so nobody takes a refresh for a probe. */
const NO_SALT = 0;

/** Gratuitous ARP of every sender on every leg, with the tag that a leaf expects. */
async function refresh(lab: Lab): Promise<void> {
  const { host, vms, legs } = lab.topology;
  const frames = [host, ...vms].flatMap((sender) =>
    lanesOf(lab.topology, sender).map(({ ipv4, ipv6, gatewayMac, gateway4, gateway6, wireTags }) =>
      buildFrame('garp-request', {
        sourceMac: sender.mac, sourceIpv4: ipv4, sourceIpv6: ipv6, gatewayMac, gatewayIpv4: gateway4, gatewayIpv6: gateway6,
        variation: 0, tags: wireTags, salt: NO_SALT, id: 1,
      }),
    ),
  );
  await Promise.all(legs.map((leg) => lab.node(host.node).inject(leg.hostPort, frames)));
}

/** Something that is installed, and beside it one who says the senders' addresses again and again. */
export function refreshing(installed: InstalledReplicator, lab: Lab): InstalledReplicator {
  const stop = new AbortController();
  let failure: string | null = null;
  const rounds = (async () => {
    while (!stop.signal.aborted) {
      await refresh(lab);
      await wait(DURATIONS.refresh, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })().catch((error: unknown) => {
    failure = String(error);
  });
  return {
    ...installed,
    broken: () => failure ?? installed.broken(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await rounds;
      await installed[Symbol.asyncDispose]();
    },
  };
}
