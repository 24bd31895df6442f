import { offer } from '../testbed/capability.js';
import type { Cables } from '../testbed/cables.js';
import type { Node } from '../testbed/node.js';
import type { Link, TestPort } from '../testbed/port.js';
import type { Topology } from '../topology/model.js';
import { cableLink } from './cableLink.js';
import { shutChange } from './carrier.js';
import { wiredLinks, type WiredPort } from './links.js';

/** How frames are sent out of a port, and how the port is captured. */
export type PortMeans = (node: Node, port: string) => Pick<TestPort, 'inject' | 'tap'>;

/** Finds ports and links by name. */
export interface LabPorts {
  readonly ports: readonly TestPort[];
  readonly links: readonly Link[];
  port(node: string, name: string): TestPort;
  adopt(node: string, name: string, mac: string): TestPort;
  link(name: string): Link;
}

/** The thing with this name. Throws RangeError with the known names. */
export function named<T>(things: readonly T[], name: string, what: string, nameOf: (thing: T) => string): T {
  const thing = things.find((one) => nameOf(one) === name);
  if (thing === undefined)
    throw new RangeError(`the lab has no ${what} "${name}"; it has ${things.map(nameOf).join(', ')}`);
  return thing;
}

/**
 * Ports and links of a lab that was made for a topology, on Linux, with veth pairs: no port is for management, and each
 * link can be cut.
 *
 * @param cables what its legs are instead
 */
export function labPorts(
  topology: Topology,
  nodeNamed: (name: string) => Node,
  means: PortMeans,
  cables?: Cables,
): LabPorts {
  const portOf = ({ node: name, port, mac }: WiredPort): TestPort => {
    const node = nodeNamed(name);
    return { role: 'test', node, name: port, mac, ...means(node, port) };
  };
  const cableOf = (link: string) => (cables === undefined ? -1 : topology.legs.findIndex(({ name }) => name === link));
  const links = wiredLinks(topology).map((wired): Link => {
    const ends = { name: wired.name, a: portOf(wired.a), b: portOf(wired.b) };
    const cable = cableOf(wired.name);
    if (cables !== undefined && cable >= 0) return cableLink(cables, cable, ends);
    return {
      ...ends,
      // The carrier of a veth follows its peer: with the far end down, the near one is up without carrier, as with a
      // real cable.
      cut: offer(() => shutChange(`${wired.name}: the cable is out`, ends, 'b')),
      shut: offer((end) => shutChange(`${wired.name}: ${ends[end].name} is shut`, ends, end)),
    };
  });
  const { host, secondHost } = topology;
  // The port of a host's own stack, which the data plane makes.
  const own = [host, ...(secondHost === undefined ? [] : [secondHost.host])];
  const ports = [
    ...links.flatMap(({ a, b }) => [a, b]),
    ...own.map(({ node, nic, mac }) => portOf({ node, port: nic, mac })),
  ];
  return {
    ports,
    links,
    port: (node, name) => named(ports, `${node}:${name}`, 'port', (one) => `${one.node.name}:${one.name}`),
    adopt: (node, name, mac) => portOf({ node, port: name, mac }),
    link: (name) => named(links, name, 'link', (one) => one.name),
  };
}
