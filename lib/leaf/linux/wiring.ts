import { gatewayPort, OTHER_HOST_PORT } from '../../topology/labNames.js';
import type { Leaf, Topology } from '../../topology/model.js';
import { untaggedVlan } from '../../topology/untaggedVlan.js';

/** The leaf's bridge. */
export const BRIDGE = 'br0';
/** Its bond, where it speaks LACP: Linux has LACP only there. */
export const LAG = 'lag0';
/** The same to a second host. */
export const SECOND_LAG = 'lag1';
/** Where another host's frames are put in; they come in at its port. */
export const OTHER_HOST = { near: 'from-other-host', far: OTHER_HOST_PORT };

/** The bridge's end of the gateway of the network with this index, from 0. */
const sviPort = (index: number): string => `svi${index}`;

/** Of all networks, in their order. */
export const sviPorts = ({ networks }: Topology): readonly string[] => networks.map((_, index) => sviPort(index));

/** VLANs are kept apart only where there are some: the bridge of some kernels cannot do it. */
export const hasVlans = ({ networks }: Topology): boolean => networks.some(({ vlan }) => vlan !== null);

/** The leaf's port to the host, in its bridge: the leg, or the bond above it. */
export const uplinkOf = (topology: Topology, leaf: Leaf, lacp: boolean): readonly string[] =>
  lacp ? [LAG] : legPorts(topology, leaf);

/** The leaf's ends of its legs. */
export function legPorts({ legs }: Topology, leaf: Leaf): readonly string[] {
  return legs.filter((leg) => leg.leaf === leaf.name).map(({ leafPort }) => leafPort);
}

/** Options of the bridge, for `ip link add name`. It floods, without snooping, as the built-in leaf does. */
export function bridgeOptions(topology: Topology): string {
  const vlans = hasVlans(topology) ? ` vlan_filtering 1 vlan_default_pvid ${untaggedVlan(topology)}` : '';
  return `${BRIDGE} type bridge mcast_snooping 0${vlans}`;
}

/**
 * Options of the bond, for `ip link add name`: the LACP identity of all leaves. The kernel puts the port's speed into
 * the low six bits of the key that it sends (drivers/net/bonding/bond_3ad.c, ad_update_actor_keys), and takes 10 bits.
 */
export function lagOptions({ lacp: { systemId, key } }: Topology, lag = LAG): string {
  return `${lag} type bond mode 802.3ad miimon 100 lacp_rate fast ad_actor_system ${systemId} ad_user_port_key ${key & 0x3ff}`;
}

/** Legs join the bond; lines of `ip -batch`. A port joins only while it is down, and the bond sets it up. */
export function lagLines(topology: Topology, leaf: Leaf, lag = LAG): readonly string[] {
  return [
    ...legPorts(topology, leaf).flatMap((port) => [`link set dev ${port} down`, `link set dev ${port} master ${lag}`]),
    `link set dev ${lag} up`,
  ];
}

/** A gateway for each network: the near end has its addresses, the far end is a port of the bridge. Lines of `ip -batch`. */
export function gatewayLines({ networks }: Topology, { gatewayMac }: Leaf): readonly string[] {
  return networks.map(
    ({ name }, i) => `link add name ${gatewayPort(name)} address ${gatewayMac} type veth peer name ${sviPort(i)}`,
  );
}

/** All ports of the bridge but that to another host; lines of `ip -batch`. */
export function portLines(topology: Topology, uplinks: readonly string[]): readonly string[] {
  const svis = sviPorts(topology);
  return [
    ...[...uplinks, ...svis].map((port) => `link set dev ${port} master ${BRIDGE}`),
    ...svis.map((port) => `link set dev ${port} up`),
    `link set dev ${BRIDGE} up`,
  ];
}

/** What the ports let through, with their tags; lines of `bridge -batch`. A trunk has the untagged VLAN from the start. */
export function vlanLines(topology: Topology, trunks: readonly string[]): readonly string[] {
  if (!hasVlans(topology)) return [];
  const none = untaggedVlan(topology);
  return topology.networks.flatMap(({ vlan }, i) =>
    vlan === null
      ? []
      : [
          ...trunks.map((port) => `vlan add dev ${port} vid ${vlan}`),
          `vlan del dev ${sviPort(i)} vid ${none}`,
          `vlan add dev ${sviPort(i)} vid ${vlan} pvid untagged`,
        ],
  );
}

/** The same for a port that comes later, without the gateways. */
export function trunkLines(topology: Topology, port: string): readonly string[] {
  if (!hasVlans(topology)) return [];
  return topology.networks.flatMap(({ vlan }) => (vlan === null ? [] : [`vlan add dev ${port} vid ${vlan}`]));
}
