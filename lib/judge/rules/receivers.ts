import type { Probe } from '../../evidence/types.js';
import type { Topology } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';
import { macNumber } from '../read/macs.js';

/** The senders behind the host that must receive a frame, by its destination. */
export interface Receivers {
  /**
   * The sender with the destination MAC, in a network of that sender; null where no sender has it, or it is the frame's
   * own sender.
   */
  addressed(probe: Probe): string | null;
  /** For broadcast, or a group that a bridge does not know: the other senders of its network. */
  flooded(probe: Probe): readonly string[];
}

/** The group bit in a MAC's first octet (IEEE 802 8.2). */
const GROUP_BIT = 1;

/** For frames with one tag at most; 0 stands for the native VLAN. */
export function receiversOf(topology: Topology): Receivers {
  const members = sendersOf(topology).map(({ node, mac, addresses }) => ({
    node,
    mac: macNumber(mac),
    vlans: addresses.flatMap(({ network }) =>
      topology.networks.filter(({ name }) => name === network).map(({ vlan }) => vlan ?? 0),
    ),
  }));
  const byMac = new Map(
    members.flatMap(({ node, mac, vlans }) => vlans.map((vlan) => [`${mac} ${vlan}`, node] as const)),
  );
  const vlanOf = ({ wireTags }: Probe): number => wireTags[0]?.vid ?? 0;
  return {
    addressed(probe) {
      const found = byMac.get(`${Number.parseInt(probe.frame.slice(0, 12), 16)} ${vlanOf(probe)}`);
      return found === undefined || found === probe.sender ? null : found;
    },
    flooded(probe) {
      if ((Number.parseInt(probe.frame.slice(0, 2), 16) & GROUP_BIT) === 0) return [];
      return members
        .filter(({ node, vlans }) => node !== probe.sender && vlans.includes(vlanOf(probe)))
        .map(({ node }) => node);
    },
  };
}
