import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { flowPathsOf } from '../../stimulus/flowPath.js';
import type { Lab } from '../../testbed/lab.js';
import type { Sender } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';
import { buildFrame } from '../../wire/build.js';
import type { KindId } from '../../wire/kinds.js';
import type { InstalledReplicator } from '../../replicator/types.js';
import { need } from '../../testbed/capability.js';

/** No experiment has this salt, so a refresh is never taken for a probe. */
const NO_SALT = 0;

/** What is sent in each flow path of each sender, and with which MAC. */
export interface Said {
  readonly kinds: readonly KindId[];
  readonly macOf: (sender: Sender) => string;
}

const OWN_ADDRESSES: Said = { kinds: ['garp-request'], macOf: ({ mac }) => mac };

/** Frames in every flow path of every sender on every leg, with the tag that a leaf expects. */
async function refresh(lab: Lab, { kinds, macOf }: Said): Promise<void> {
  const { host, legs } = lab.topology;
  const flowPaths = sendersOf(lab.topology).flatMap((sender) => flowPathsOf(lab.topology, sender));
  const frames = flowPaths.flatMap(({ sender, ipv4, ipv6, gatewayMac, gateway4, gateway6, wireTags }) =>
    kinds.map((kind) =>
      buildFrame(kind, {
        sourceMac: macOf(sender),
        sourceIpv4: ipv4,
        sourceIpv6: ipv6,
        gatewayMac,
        gatewayIpv4: gateway4,
        gatewayIpv6: gateway6,
        variation: 0,
        tags: wireTags,
        salt: NO_SALT,
        id: 1,
      }),
    ),
  );
  await Promise.all(legs.map((leg) => need(lab.port(host.node, leg.hostPort).inject)(frames)));
}

/** An installed replicator, and beside it a program that repeats frames: the senders' addresses, or others. */
export function refreshing(installed: InstalledReplicator, lab: Lab, said: Said = OWN_ADDRESSES): InstalledReplicator {
  const stop = new AbortController();
  let failure: string | null = null;
  const rounds = (async () => {
    while (!stop.signal.aborted) {
      await refresh(lab, said);
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
