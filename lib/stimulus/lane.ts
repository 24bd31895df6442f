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
