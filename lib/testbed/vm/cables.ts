import { readFileSync } from 'node:fs';
import type { AgentClient } from '../../agent/client.js';
import type { LiveGuest } from '../../vm/restore.js';
import type { Topology } from '../../topology/model.js';
import { cableEnd, type CableEnd } from '../cables.js';
import { TestbedError } from '../error.js';
import type { MachineNics } from '../nics.js';

/** Number of the agent itself, among its own processes: its network namespace is the one in which labs are made. */
const AGENT_PID = '1';

/** An end of a leg, and the NIC that is there. */
interface Plugged {
  readonly nic: CableEnd;
  readonly node: string;
  readonly port: string;
  readonly mac: string;
}

const pluggedIn = ({ host, legs }: Topology): readonly Plugged[] =>
  legs.flatMap((leg, cable) => [
    { nic: cableEnd(cable, 'a'), node: host.node, port: leg.hostPort, mac: leg.hostMac },
    { nic: cableEnd(cable, 'b'), node: leg.leaf, port: leg.leafPort, mac: leg.leafMac },
  ]);

/** The column of /proc/net/dev with what an interface had to send and dropped (net/core/net-procfs.c), counted from its name. */
const DROPPED = 12;

/** What an interface of this list had to send and dropped; null where it is not in it. */
export function droppedIn(netDev: string, name: string): number | null {
  const line = netDev.split('\n').find((one) => one.trim().startsWith(`${name}:`));
  const value = line?.trim().split(/[\s:]+/)[DROPPED];
  return value === undefined ? null : Number(value);
}

/**
 * The virtio NICs of a guest. The driver uses one pair of queues for each processor (drivers/net/virtio_net.c, virtnet_probe): a guest has one, and
 * is told to use as many as the topology says.
 */
export function guestCables(live: Pick<LiveGuest, 'pid' | 'ask'>, agent: AgentClient, timeoutMs: number) {
  const run = async (what: string, node: string | null, argv: readonly string[], lines: readonly string[]) => {
    const input = agent.send(Buffer.from(lines.join('\n')));
    const { code, stderr } = await agent.call('run', { node, argv, input, timeoutMs });
    if (code !== 0) throw new TestbedError(`cannot ${what}: ${stderr.trim()}`);
  };
  return (namespaceOf: (node: string) => string): MachineNics => ({
    offered: {
      cables: {
        async setLink(cable, end, isUp) {
          await live.ask('set_link', { name: cableEnd(cable, end).name, up: isUp });
        },
        dropped(cable, end) {
          try {
            // As QEMU's own network namespace shows it.
            return droppedIn(readFileSync(`/proc/${live.pid}/net/dev`, 'utf8'), cableEnd(cable, end).name);
          } catch {
            return null;
          }
        },
      },
    },
    async bring(topology) {
      const { queues = 1 } = topology;
      const plugged = pluggedIn(topology);
      await run(
        `use ${queues} queues of each virtio NIC`,
        null,
        ['sh', '-es'],
        plugged.map(({ nic }) => `ethtool --set-channels ${nic.name} combined ${queues}`),
      );
      await run(
        'give virtio NICs to the ends of legs',
        null,
        ['ip', '-batch', '-'],
        plugged.map(
          ({ nic, node, port, mac }) =>
            `link set dev ${nic.name} address ${mac} name ${port} netns ${namespaceOf(node)}`,
        ),
      );
    },
    async back(topology) {
      for (const { nic, node, port } of pluggedIn(topology))
        await run(
          `take ${port} back`,
          namespaceOf(node),
          ['ip', '-batch', '-'],
          [`link set dev ${port} down`, `link set dev ${port} name ${nic.name} netns ${AGENT_PID}`],
        );
    },
  });
}
