import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { flowPathsOf } from '../../stimulus/flowPath.js';
import type { Lab } from '../../testbed/lab.js';
import { watchCarriers } from '../../timeline/carrierMonitor.js';
import { buildFrame } from '../../wire/build.js';
import type { FrameBytes } from '../../wire/frame.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { InstalledReplicator } from '../../replicator/types.js';
import type { OvsMutant } from './types.js';
import { need } from '../../testbed/capability.js';

/** No experiment has this salt, so an announcement is never taken for a probe. */
const NO_SALT = 0;

/** Each VM's MAC with the address of the next VM of its network. */
function mixedUp({ topology }: Lab): readonly FrameBytes[] {
  const flowPaths = topology.vms.flatMap((vm) => flowPathsOf(topology, vm));
  return flowPaths.flatMap(({ sender, network, gatewayMac, gateway4, gateway6, wireTags }) => {
    const there = flowPaths.filter((flowPath) => flowPath.network === network);
    const next = there[(there.findIndex((flowPath) => flowPath.sender === sender) + 1) % there.length];
    if (next === undefined || next.sender === sender) return [];
    return [
      buildFrame('garp-reply', {
        sourceMac: sender.mac,
        sourceIpv4: next.ipv4,
        sourceIpv6: next.ipv6,
        gatewayMac,
        gatewayIpv4: gateway4,
        gatewayIpv6: gateway6,
        variation: 0,
        tags: wireTags,
        salt: NO_SALT,
        id: 1,
      }),
    ];
  });
}

/** An installed replicator, and beside it an announcer on each leg that gets its carrier back. */
async function announcing(installed: InstalledReplicator, lab: Lab): Promise<InstalledReplicator> {
  const node = lab.node(lab.topology.host.node);
  const sending = new Set<Promise<unknown>>();
  const announce = (port: string) => {
    // A leg that is down again takes no frame.
    const sent = need(lab.port(node.name, port).inject)(mixedUp(lab)).catch(() => undefined);
    sending.add(sent);
    void sent.finally(() => sending.delete(sent));
  };
  const watches = await watchCarriers(
    lab,
    ({ port, state }) => {
      if (state === 'up') announce(port);
    },
    [node],
  );
  return {
    ...installed,
    async [Symbol.asyncDispose]() {
      await Promise.all(watches.map((watch) => watch.stop('SIGKILL')));
      await Promise.all(sending);
      await installed[Symbol.asyncDispose]();
    },
  };
}

/**
 * Like a daemon that has mixed up which VM is behind which port: leaves would send the traffic of one VM to another.
 */
export const announcesOthers: OvsMutant = {
  name: 'announces-others',
  description:
    "The right copies, and when a leg is back a gratuitous ARP reply of each VM there that tells another VM's address.",
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['invented'],
  install: async ({ lab, plane }) => announcing(await reconcile(plane, RIGHT), lab),
};
