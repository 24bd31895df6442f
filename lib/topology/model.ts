import type { PlaneTraits } from '../dataplane/traits.js';

/** The wiring that a lab builds: a host with one leg to each leaf, and VMs behind the host. Every name is unique. */

/**
 * An IPv4 and IPv6 network; `vlan: null` is the native (untagged) one. Leaves hold the gateway: same IP and MAC on
 * each.
 */
export interface Network {
  readonly name: string;
  readonly vlan: number | null;
  /** CIDR; from RFC 5737 unless a binding gives real ones. */
  readonly ipv4: string;
  /** CIDR; from RFC 3849 unless a binding gives real ones. */
  readonly ipv6: string;
  readonly gateway4: string;
  readonly gateway6: string;
}

export interface Address {
  readonly network: string;
  /** Without prefix length. */
  readonly ipv4: string;
  readonly ipv6: string;
}

export type Attachment =
  | { readonly type: 'native'; readonly network: string }
  | { readonly type: 'access'; readonly network: string }
  | { readonly type: 'trunk'; readonly networks: readonly string[] };

/** A NIC from which probes start: the host's own stack, or a VM's. */
export interface Sender {
  readonly node: string;
  readonly nic: string;
  readonly mac: string;
  readonly attachment: Attachment;
  readonly addresses: readonly Address[];
}

/** How the host joins its legs. */
export interface HostPlane {
  readonly traits: PlaneTraits;
  /** The host's name for the bond of its legs; null where it has none. */
  readonly bond: string | null;
  /** Options of this kind of data plane only. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

export interface Host extends Sender {
  readonly plane: HostPlane;
}

/** A VM's port on the host's switch is named after the VM. */
export interface Vm extends Sender {
  readonly hostPort: string;
}

export interface Leaf {
  readonly name: string;
  /** Where the gateway lives, one per network; the MAC is shared by all leaves. */
  readonly gatewayMac: string;
}

/** One link between host and leaf, with both ports. */
export interface Leg {
  readonly name: string;
  readonly leaf: string;
  readonly hostPort: string;
  readonly hostMac: string;
  readonly leafPort: string;
  readonly leafMac: string;
}

/** A routed link from a leaf to the spine, with its own /31 and /127. */
export interface SpineLink {
  readonly leaf: string;
  readonly leafPort: string;
  readonly spinePort: string;
  readonly leafIpv4: string;
  readonly spineIpv4: string;
  readonly leafIpv6: string;
  readonly spineIpv6: string;
}

/** A remote machine: behind the spine, with a gateway there. */
export interface Client {
  readonly node: string;
  readonly nic: string;
  readonly mac: string;
  readonly spinePort: string;
  /** CIDR of the network between client and spine. */
  readonly network4: string;
  readonly network6: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly gateway4: string;
  readonly gateway6: string;
}

/** What is above the leaves: a spine that routes between them and a client. */
export interface Fabric {
  readonly spine: string;
  /** CIDR from which links and the client have their addresses: links in its lower half, the client in its upper. */
  readonly ipv4: string;
  readonly ipv6: string;
  readonly uplinks: readonly SpineLink[];
  readonly client: Client;
}

/** Another host behind the same leaves, with legs of its own. Its VMs are in the same networks. */
export interface SecondHost {
  readonly host: Host;
  readonly vms: readonly Vm[];
  readonly legs: readonly Leg[];
  /** What the leaves say to it: the same system as to the first host, and another key (IEEE 802.1AX 6.3.5). */
  readonly lacp: Topology['lacp'];
}

export interface Topology {
  readonly name: string;
  readonly description: string;
  readonly networks: readonly Network[];
  readonly host: Host;
  readonly vms: readonly Vm[];
  readonly leaves: readonly Leaf[];
  readonly legs: readonly Leg[];
  /** The LACP identity that all leaves share, so that the host sees one partner. */
  readonly lacp: { readonly systemId: string; readonly key: number };
  /** What each leaf is made of, where it is not the built-in switch. */
  readonly leafSwitch?: 'linux-bridge';
  /** Transmit and receive queues of each end of each link; absent: one. */
  readonly queues?: number;
  /** What is at both ends of each leg of the first host, where it is not an end of a veth pair. */
  readonly nics?: 'virtio';
  /** Absent where leaves have no spine. */
  readonly fabric?: Fabric;
  /** Absent where the leaves have one host only. */
  readonly secondHost?: SecondHost;
}
