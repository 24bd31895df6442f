import type { Sender, Topology } from '../topology/model.js';
import type { VlanTag } from '../wire/frame.js';

/** One way out of a sender: a network, with the tags that the sender writes and those that a leaf must see. */
export interface Lane {
  readonly sender: Sender;
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

/** Every lane of a sender: one for native and access ports, one per VLAN of a trunk. */
export function lanesOf(topology: Topology, sender: Sender): readonly Lane[] {
  const gatewayMac = topology.leaves[0]?.gatewayMac ?? '';
  return sender.addresses.map((address) => {
    const network = topology.networks.find((one) => one.name === address.network);
    if (network === undefined) throw new RangeError(`${sender.node} has an address in "${address.network}", which is no network`);
    const tag = (pcp: number): VlanTag[] => (network.vlan === null ? [] : [{ tpid: 0x8100, vid: network.vlan, pcp, dei: false }]);
    const trunk = sender.attachment.type === 'trunk';
    return {
      sender,
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

/** The lanes of a leaf's gateway towards the host: one for each network of a sender, to one sender there. */
export function gatewayLanes(topology: Topology, leaf: string): readonly Lane[] {
  const { gatewayMac } = topology.leaves.find((one) => one.name === leaf) ?? { gatewayMac: '' };
  const lanes = [topology.host, ...topology.vms].flatMap((sender) => lanesOf(topology, sender));
  return [...new Map(lanes.map((lane) => [lane.network, lane])).values()].map((lane) => ({
    ...lane,
    sender: { ...lane.sender, mac: gatewayMac },
    ipv4: lane.gateway4,
    ipv6: lane.gateway6,
    gatewayMac: lane.sender.mac,
    gateway4: lane.ipv4,
    gateway6: lane.ipv6,
    sentTags: lane.wireTags,
  }));
}
