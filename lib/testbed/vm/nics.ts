import type { AgentClient } from '../../agent/client.js';
import { DROP_VFS, makeVfs, netdevOf, NICS, vfName } from '../../vm/nics.js';
import type { LiveGuest } from '../../vm/restore.js';
import { mapOffer } from '../capability.js';
import type { Change } from '../change.js';
import { TestbedError } from '../error.js';
import type { Lab } from '../lab.js';
import { MOST_VFS, ownVf, type MachineNics } from '../nics.js';
import type { Link } from '../port.js';

/** Number of the agent itself, among its own processes: its network namespace is the one in which labs are made. */
const AGENT_PID = '1';

/**
 * The NICs of a guest. VFs are made by the guest's own shell: the kernel puts each into the first network namespace, where
 * the agent cannot reach it.
 */
export function guestNics(live: Pick<LiveGuest, 'shell' | 'ask'>, agent: AgentClient, timeoutMs: number) {
  const shell = async (what: string, script: string) => {
    const { code, output } = await live.shell.run(script, timeoutMs);
    if (code !== 0) throw new TestbedError(`cannot ${what}: ${output.trim()}`);
  };
  /** @param node namespace from which they go; null: the agent's own */
  const move = async (what: string, node: string | null, lines: readonly string[]) => {
    const input = agent.send(Buffer.from(lines.join('\n')));
    const { code, stderr } = await agent.call('run', { node, argv: ['ip', '-batch', '-'], input, timeoutMs });
    if (code !== 0) throw new TestbedError(`cannot ${what}: ${stderr.trim()}`);
  };
  const interfaces = NICS.flatMap(({ pf, wire }) => [pf, wire]);
  return (namespaceOf: (node: string) => string): MachineNics => ({
    offered: {
      sriov: {
        nics: NICS,
        most: MOST_VFS,
        async give(nodes) {
          await shell(`make ${nodes.length} VFs of each NIC`, makeVfs(nodes.length));
          const given = NICS.flatMap((_, nic) =>
            nodes.map((node, n) => `link set dev ${vfName(nic, n)} name ${ownVf(nic)} netns ${namespaceOf(node)}`),
          );
          await move('give VFs to VMs', null, given);
        },
        async cable(nic, isIn) {
          await live.ask('set_link', { name: netdevOf(nic), up: isIn });
        },
      },
    },
    bring: ({ host }) =>
      move(
        'give the NICs to the host',
        null,
        interfaces.map((name) => `link set dev ${name} netns ${namespaceOf(host.node)}`),
      ),
    async back({ host }) {
      await shell('take VFs back', DROP_VFS);
      const lines = interfaces.map((name) => `link set dev ${name} netns ${AGENT_PID}`);
      await move('take the NICs back', namespaceOf(host.node), lines);
    },
  });
}

/**
 * A leg's cable is also that of the NIC behind it: what takes the carrier of the leg takes it from the NIC. No change where
 * the lab has no NICs.
 */
export function withCables(lab: Lab): Lab {
  const { sriov, topology } = lab;
  if (sriov === undefined) return lab;
  const nicOf = (link: string) => topology.legs.findIndex(({ name }) => name === link);
  const also = (nic: number, change: Change): Change => ({
    ...change,
    steps: [...change.steps, { what: 'the NIC to lose its link', run: () => sriov.cable(nic, false) }],
    undo: [{ what: 'the NIC to have its link', run: () => sriov.cable(nic, true) }, ...change.undo],
  });
  const withCable = (link: Link): Link => {
    const nic = nicOf(link.name);
    if (nic < 0) return link;
    return {
      ...link,
      cut: mapOffer(
        link.cut,
        (cut) =>
          (...args) =>
            also(nic, cut(...args)),
      ),
      shut: mapOffer(link.shut, (shut) => (end) => also(nic, shut(end))),
    };
  };
  return { ...lab, links: lab.links.map(withCable), link: (name) => withCable(lab.link(name)) };
}
