import type { Topology } from '../topology/model.js';
import { seenBySecondHost } from '../topology/secondHost.js';
import { sendersOf } from '../topology/senders.js';

/** One end of a link. */
export interface WiredPort {
  readonly node: string;
  readonly port: string;
  readonly mac: string;
}

/**
 * A link of a topology: a leg, or the link of a VM, leaf or client, named after it. For legs and VMs, `a` is the host's
 * end.
 */
export interface WiredLink {
  readonly name: string;
  readonly a: WiredPort;
  readonly b: WiredPort;
}

/** Every link that a topology has. */
export function wiredLinks(topology: Topology): readonly WiredLink[] {
  const { host, legs, vms } = topology;
  return [
    ...legs.map((leg) => ({
      name: leg.name,
      a: { node: host.node, port: leg.hostPort, mac: leg.hostMac },
      b: { node: leg.leaf, port: leg.leafPort, mac: leg.leafMac },
    })),
    ...vms.map((vm) => ({
      name: vm.node,
      a: { node: host.node, port: vm.hostPort, mac: switchSideMac(vm.mac) },
      b: { node: vm.node, port: vm.nic, mac: vm.mac },
    })),
    ...fabricLinks(topology),
    ...secondOf(topology).flatMap(wiredLinks),
  ];
}

/** The wiring of the second host, where there is one. */
function secondOf(topology: Topology): readonly Topology[] {
  const seen = seenBySecondHost(topology);
  return seen === null ? [] : [seen];
}

/**
 * The links above the leaves. Routers' MACs never reach host or VMs, so each is derived from the number of its link.
 */
function fabricLinks({ fabric }: Topology): readonly WiredLink[] {
  if (fabric === undefined) return [];
  const { spine, client, uplinks } = fabric;
  const mac = (side: number, link: number): string => `02:00:00:04:0${side}:${link.toString(16).padStart(2, '0')}`;
  return [
    ...uplinks.map(({ leaf, leafPort, spinePort }, index) => ({
      name: leaf,
      a: { node: leaf, port: leafPort, mac: mac(1, index) },
      b: { node: spine, port: spinePort, mac: mac(2, index) },
    })),
    {
      name: client.node,
      a: { node: client.node, port: client.nic, mac: client.mac },
      b: { node: spine, port: client.spinePort, mac: mac(3, 0) },
    },
  ];
}

/** Names of all machines of a topology. */
export function nodeNames(topology: Topology): readonly string[] {
  const { host, leaves, vms, fabric } = topology;
  return [
    host.node,
    ...leaves.map((leaf) => leaf.name),
    ...vms.map((vm) => vm.node),
    ...(fabric === undefined ? [] : [fabric.spine, fabric.client.node]),
    ...secondOf(topology)
      .flatMap(sendersOf)
      .map(({ node }) => node),
  ];
}

/** The switch's end of a VM's link has another MAC, which is never used as a source. */
export function switchSideMac(vmMac: string): string {
  return vmMac.replace(/^../, 'f2');
}

/** Whether a link is a cable between NICs of the machine, and so none that a lab makes. */
const isCable = ({ nics, legs }: Topology, { name }: WiredLink): boolean =>
  nics !== undefined && legs.some((leg) => leg.name === name);

/** `ip -batch` lines that make every link with both ends in their namespaces. */
export function linkLines(topology: Topology, namespaceOf: (node: string) => string): string[] {
  const { queues = 1 } = topology;
  const many = queues === 1 ? '' : ` numtxqueues ${queues} numrxqueues ${queues}`;
  const end = ({ node, port, mac }: WiredPort): string =>
    `name ${port} address ${mac} netns ${namespaceOf(node)}${many}`;
  return wiredLinks(topology)
    .filter((link) => !isCable(topology, link))
    .map(({ a, b }) => `link add ${end(a)} type veth peer ${end(b)}`);
}

/** The interfaces of one node that are up from the start. */
export function nodePorts(topology: Topology, node: string): string[] {
  const ports = wiredLinks(topology)
    .flatMap(({ a, b }) => [a, b])
    .filter((end) => end.node === node);
  return ['lo', ...ports.map(({ port }) => port)];
}

/**
 * `ip -batch` lines that set them up. With `dev`, as a port may be called like an option of ip(8), cut short. Stacks get
 * their addresses from `addressLines`.
 */
export function nodeLines(topology: Topology, node: string): string[] {
  return nodePorts(topology, node).map((port) => `link set dev ${port} up`);
}
