import type { Sender, Topology } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../wire/address.js';
import type { VlanTag } from '../wire/frame.js';

/** One way out of a sender: a network, with the tags that the sender writes and those that a leaf must see. */
export interface FlowPath {
  readonly sender: Sender;
  /**
   * Index of the sender in its topology, the host first. It is part of the extra MACs that the sender uses, so that no
   * two senders share one.
   */
  readonly number: number;
  readonly network: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly gatewayMac: string;
  readonly gateway4: string;
  readonly gateway6: string;
  /** In the frame when it leaves the sender's NIC. */
  readonly sentTags: readonly VlanTag[];
  /** In the frame when it arrives at a leaf. */
  readonly wireTags: readonly VlanTag[];
}

/** A priority that is not the default, so that its loss is seen. */
const TRUNK_PRIORITY = 3;

/** Every flow path of a sender: one for native and access ports, one per VLAN of a trunk. */
export function flowPathsOf(topology: Topology, sender: Sender): readonly FlowPath[] {
  const gatewayMac = topology.leaves[0]?.gatewayMac ?? '';
  const number = sendersOf(topology).findIndex((one) => one.node === sender.node);
  return sender.addresses.map((address) => {
    const network = topology.networks.find((one) => one.name === address.network);
    if (network === undefined)
      throw new RangeError(`${sender.node} has an address in "${address.network}", which is no network`);
    const tag = (pcp: number): VlanTag[] =>
      network.vlan === null ? [] : [{ tpid: 0x8100, vid: network.vlan, pcp, dei: false }];
    const trunk = sender.attachment.type === 'trunk';
    return {
      sender,
      number,
      network: network.name,
      ipv4: address.ipv4,
      ipv6: address.ipv6,
      gatewayMac,
      gateway4: network.gateway4,
      gateway6: network.gateway6,
      sentTags: trunk ? tag(TRUNK_PRIORITY) : [],
      wireTags: trunk ? tag(TRUNK_PRIORITY) : tag(0),
    };
  });
}

/** Of the customer's network inside, which no topology has: its priority differs from the outer one. */
const INNER: VlanTag = { tpid: 0x8100, vid: 1007, pcp: 5, dei: false };

/**
 * A flow path of a trunk on which frames have a second tag inside (QinQ): the outer one of 802.1ad, or of 802.1Q as
 * well. Null where the sender writes no tag.
 */
export function stackedFlowPath(flowPath: FlowPath, outer: VlanTag['tpid']): FlowPath | null {
  if (flowPath.sentTags.length === 0) return null;
  const tags = [...flowPath.sentTags.map((tag) => ({ ...tag, tpid: outer })), INNER];
  return { ...flowPath, sentTags: tags, wireTags: tags };
}

/** The flow paths of a sender to each other sender of its networks on the same host that it can reach there. */
export function neighborFlowPaths(
  topology: Topology,
  sender: Sender,
  reaches: (other: Sender) => boolean = () => true,
): readonly FlowPath[] {
  const others = sendersOf(topology)
    .filter((other) => other !== sender && reaches(other))
    .flatMap((other) => flowPathsOf(topology, other));
  return flowPathsOf(topology, sender).flatMap((flowPath) =>
    others
      .filter((other) => other.network === flowPath.network)
      .map((other) => ({ ...flowPath, gatewayMac: other.sender.mac, gateway4: other.ipv4, gateway6: other.ipv6 })),
  );
}

/** To which senders of a network a leaf's flow paths lead: one, or each. */
export type Reach = 'one' | 'each';

/**
 * The flow paths of a leaf's gateway towards the host: one for each network of a sender, to one sender there or to
 * each.
 */
export function gatewayFlowPaths(topology: Topology, leaf: string, reach: Reach = 'one'): readonly FlowPath[] {
  const { gatewayMac } = topology.leaves.find((one) => one.name === leaf) ?? { gatewayMac: '' };
  const flowPaths = sendersOf(topology).flatMap((sender) => flowPathsOf(topology, sender));
  const towards =
    reach === 'each' ? flowPaths : [...new Map(flowPaths.map((flowPath) => [flowPath.network, flowPath])).values()];
  return towards.map((flowPath) => ({
    ...flowPath,
    sender: { ...flowPath.sender, mac: gatewayMac },
    ipv4: flowPath.gateway4,
    ipv6: flowPath.gateway6,
    gatewayMac: flowPath.sender.mac,
    gateway4: flowPath.ipv4,
    gateway6: flowPath.ipv6,
    sentTags: flowPath.wireTags,
  }));
}

/**
 * The flow paths of another server behind a leaf, towards the same senders: most frames that come in from a leaf are
 * not the leaf's own. The server's MAC is locally administered and names the leaf; no two leaves have the same server.
 */
export function serverFlowPaths(topology: Topology, leaf: string, reach: Reach = 'one'): readonly FlowPath[] {
  const number = topology.leaves.findIndex((one) => one.name === leaf) + 1;
  const mac = `02:00:00:04:${number.toString(16).padStart(2, '0')}:01`;
  return gatewayFlowPaths(topology, leaf, reach).map((flowPath) => ({
    ...flowPath,
    sender: { ...flowPath.sender, mac },
    ipv4: serverIpv4(flowPath.ipv4, number),
    ipv6: serverIpv6(flowPath.ipv6, number),
  }));
}

/** An address of the gateway's network, above those that topologies derive and below those that probes vary. */
function serverIpv4(gateway: string, number: number): string {
  const bytes = parseIpv4(gateway);
  bytes[3] = 100 + (number % 28);
  return formatIpv4(bytes);
}

function serverIpv6(gateway: string, number: number): string {
  const bytes = parseIpv6(gateway);
  bytes.set([0x51, number], 14);
  return formatIpv6(bytes);
}
