import type { Binding } from '../../../binding/schema.js';
import type { Topology } from '../../../topology/model.js';
import { TestbedError } from '../../error.js';
import type { Ground } from '../ground.js';
import type { LabRecords } from '../records.js';
import { FAR_TIMING } from '../timing.js';
import { requireAsBefore } from '../wiring.js';
import { bindInstalled, type Machines } from './bind.js';
import { installedLink } from './faults.js';
import { lookInstalled } from './look.js';
import { untouchedNode } from './node.js';
import { senderPlace } from './place.js';
import { installedPorts } from './ports.js';

/**
 * Machines that are what they are: a lab has a folder there for its own pipes, and takes carriers of legs away where the
 * binding allows it.
 */
export function installedGround(topology: Topology, binding: Binding, machines: Machines, records: LabRecords): Ground {
  const isSender = (name: string) => [topology.host, ...topology.vms].some(({ node }) => node === name);
  const { replicator } = binding.host;
  const version = 'installed' in replicator ? replicator.version : undefined;
  return {
    look: lookInstalled,
    bind: (wanted, facts) => bindInstalled(wanted, binding, machines, facts),
    enter(_, name) {
      const there = isSender(name) ? senderPlace(topology, binding, name) : null;
      if (there === null || 'what' in there || there.netns === null) return [];
      return ['ip', 'netns', 'exec', there.netns];
    },
    absent(name) {
      if (!isSender(name) || name === topology.host.node) return null;
      const there = senderPlace(topology, binding, name);
      return 'what' in there ? there : null;
    },
    taken: (share) => ({ ...share, nodes: [], ports: [] }),
    async make({ machine, nodes }, { folder }) {
      const folders = [folder, ...nodes.map((node) => `${folder}/${node}`)];
      const { code, stderr } = await machine.run(
        { argv: ['mkdir', '-p', '-m', '700', ...folders], asRoot: true },
        FAR_TIMING.command,
      );
      if (code !== 0)
        throw new TestbedError(`on ${machine.name}: ${folder} could not be made: ${stderr.trim() || `code ${code}`}`);
    },
    endsProcesses: false,
    takesCarriers: true,
    node: (node) =>
      untouchedNode(
        node,
        node.name === topology.host.node && version !== undefined ? [version] : [],
        topology.leaves.some(({ name }) => name === node.name),
      ),
    ports: (wanted, nodeNamed, means) =>
      installedPorts(wanted, nodeNamed, means, (link) => installedLink(link, wanted, binding, machines, records)),
    awaited: ({ links }) =>
      links.filter(({ name }) => topology.legs.some((leg) => leg.name === name)).flatMap(({ a, b }) => [a, b]),
    refuses({ name, steps, undo }) {
      const command = [...steps, ...undo].find((step) => 'argv' in step);
      return command === undefined
        ? null
        : {
            what: name,
            command: command.argv.join(' '),
            output: 'host and leaves are installed: nothing is changed there',
          };
    },
    requireAsBefore,
  };
}
