import type { Lab } from '../../testbed/lab.js';
import type { Node } from '../../testbed/node.js';
import type { Link, TestPort } from '../../testbed/port.js';
import type { Testbed } from '../../testbed/testbed.js';

/** A testbed whose labs are changed before they are handed out. */
export function withLab(testbed: Testbed, broken: (lab: Lab) => Lab): Testbed {
  return { ...testbed, open: async (wanted, options) => broken(await testbed.open(wanted, options)) };
}

export function withLink(lab: Lab, broken: (link: Link) => Link): Lab {
  return { ...lab, links: lab.links.map(broken), link: (name) => broken(lab.link(name)) };
}

export function withPort(lab: Lab, broken: (port: TestPort) => TestPort): Lab {
  const both = withLink(lab, (link) => ({ ...link, a: broken(link.a), b: broken(link.b) }));
  return { ...both, port: (node, name) => broken(lab.port(node, name)) };
}

export function withNode(lab: Lab, broken: (node: Node) => Node): Lab {
  const moved = withPort(lab, (port) => ({ ...port, node: broken(port.node) }));
  return { ...moved, nodes: lab.nodes.map(broken), node: (name) => broken(lab.node(name)) };
}
