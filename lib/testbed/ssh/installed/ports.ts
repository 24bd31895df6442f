import { labPorts, type LabPorts, type PortMeans } from '../../../lab/ports.js';
import type { Topology } from '../../../topology/model.js';
import { lacking } from '../../capability.js';
import type { Node } from '../../node.js';
import type { Link } from '../../port.js';

/**
 * Ports of machines that are what they are: the ends of legs, and the senders' own. The host's ends of the links of VMs
 * are its switch's business, and no carrier is taken away.
 */
export function installedPorts(
  topology: Topology,
  nodeNamed: (name: string) => Node,
  means: PortMeans,
  faultsOf: (link: Link) => Link,
): LabPorts {
  const inside = new Set(topology.vms.map(({ hostPort }) => hostPort));
  const all = labPorts(topology, nodeNamed, (node, port) => {
    if (node.name !== topology.host.node || !inside.has(port)) return means(node, port);
    const lack = lacking({
      what: `the end of ${port} on the host's switch`,
      command: 'everyleaf run --binding FILE',
      output: 'the host is installed: nothing is sent or captured inside of its switch',
    });
    return { inject: lack, tap: lack };
  });
  const links = all.links.map(faultsOf);
  return { ...all, links, link: (name) => faultsOf(all.link(name)) };
}
