import type { Topology } from '../topology/model.js';

/** `ip -batch` lines that make every link with both ends in their namespaces. */
export function linkLines(topology: Topology, namespaceOf: (node: string) => string): string[] {
  const veth = (node: string, port: string, mac: string, peerNode: string, peerPort: string, peerMac: string) =>
    `link add name ${port} address ${mac} netns ${namespaceOf(node)} type veth peer name ${peerPort} address ${peerMac} netns ${namespaceOf(peerNode)}`;
  return [
    ...topology.legs.map((leg) =>
      veth(topology.host.node, leg.hostPort, leg.hostMac, leg.leaf, leg.leafPort, leg.leafMac),
    ),
    ...topology.vms.map((vm) => veth(vm.node, vm.nic, vm.mac, topology.host.node, vm.hostPort, switchSideMac(vm.mac))),
    ...fabricLinks(topology).map(({ node, port, mac, peer, peerPort, peerMac }) =>
      veth(node, port, mac, peer, peerPort, peerMac),
    ),
  ];
}

interface FabricLink {
  readonly node: string;
  readonly port: string;
  readonly mac: string;
  readonly peer: string;
  readonly peerPort: string;
  readonly peerMac: string;
}

/** The links above the leaves. Routers' MACs never reach host or VMs, so each is made from its link's number. */
function fabricLinks({ fabric }: Topology): readonly FabricLink[] {
  if (fabric === undefined) return [];
  const { spine, client, uplinks } = fabric;
  const mac = (side: number, link: number): string => `02:00:00:04:0${side}:${link.toString(16).padStart(2, '0')}`;
  return [
    ...uplinks.map(({ leaf, leafPort, spinePort }, index) => ({
      node: leaf,
      port: leafPort,
      mac: mac(1, index),
      peer: spine,
      peerPort: spinePort,
      peerMac: mac(2, index),
    })),
    {
      node: client.node,
      port: client.nic,
      mac: client.mac,
      peer: spine,
      peerPort: client.spinePort,
      peerMac: mac(3, 0),
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
  ];
}

/** The switch's end of a VM's link has a MAC of its own that nobody ever uses as a source. */
function switchSideMac(vmMac: string): string {
  return vmMac.replace(/^../, 'f2');
}

/** `ip -batch` lines of one node: its ports up. Stacks get their addresses from `addressLines`. */
export function nodeLines(topology: Topology, node: string): string[] {
  const ports: string[] = [];
  for (const leg of topology.legs) {
    if (topology.host.node === node) ports.push(leg.hostPort);
    if (leg.leaf === node) ports.push(leg.leafPort);
  }
  for (const vm of topology.vms) {
    if (topology.host.node === node) ports.push(vm.hostPort);
    if (vm.node === node) ports.push(vm.nic);
  }
  for (const link of fabricLinks(topology)) {
    if (link.node === node) ports.push(link.port);
    if (link.peer === node) ports.push(link.peerPort);
  }
  return ['link set lo up', ...ports.map((port) => `link set ${port} up`)];
}
