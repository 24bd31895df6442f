import type { Address, Network } from './model.js';
import type { TopologyDocument } from './schema.js';
import { formatIp, formatPrefix, overlaps, parseIp, parsePrefix, type Prefix } from './ip.js';

/**
 * MACs that a topology does not give. All are locally administered, and show at a glance where a frame comes from:
 *
 *     02:00:00:00:01:01   the host's own stack
 *     02:00:00:00:01:0a   first VM, then :0b, :0c, ...
 *     02:00:00:01:00:NN   host port of leg NN
 *     02:00:00:02:NN:01   leaf NN, the port of its leg
 *     02:00:00:00:02:NN   the same of a second host behind these leaves
 *     02:00:00:01:01:NN   its port of leg NN
 *     02:00:00:02:NN:02   leaf NN, the port of its leg
 *     02:00:00:03:00:01   the client behind the spine
 *     02:00:00:0f:00:01   the gateway, the same on all leaves
 *     02:00:00:0f:00:ac   LACP system ID, the same on all leaves
 *
 * The first two VMs differ only in the last bit, so a layer 2 hash over two legs puts them on different legs. The host
 * is odd, as is the second VM: with the odd gateway MAC those two share a side, and the first VM has the other.
 */
export const hostMac = (): string => mac(0, 1, 1);
export const vmMac = (index: number): string => mac(0, 1, 0x0a + index);
export const hostPortMac = (legIndex: number): string => mac(1, 0, legIndex + 1);
export const leafPortMac = (leafIndex: number): string => mac(2, leafIndex + 1, 1);
export const secondHostMac = (): string => mac(0, 2, 1);
export const secondVmMac = (index: number): string => mac(0, 2, 0x0a + index);
export const secondHostPortMac = (legIndex: number): string => mac(1, 1, legIndex + 1);
export const secondLeafPortMac = (leafIndex: number): string => mac(2, leafIndex + 1, 2);
export const clientMac = (): string => mac(3, 0, 1);
export const GATEWAY_MAC = '02:00:00:0f:00:01';
export const LACP_SYSTEM_ID = '02:00:00:0f:00:ac';
export const LACP_KEY = 1;

const octet = (value: number): string => value.toString(16).padStart(2, '0');
const mac = (group: number, node: number, port: number): string =>
  `02:00:00:${octet(group)}:${octet(node)}:${octet(port)}`;

/** RFC 5737, in the order in which networks take them. */
export const DOCUMENTATION_IPV4 = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'] as const;
/** RFC 3849. */
export const DOCUMENTATION_IPV6 = '2001:db8::/32';

/** Host part of the host's own addresses; VM n (from 1) has `HOST_PART + n`. Written the same way in IPv4 and IPv6. */
const HOST_PART = 10;

type NetworkText = TopologyDocument['networks'][number];

/**
 * `2001:db8:<vlan>::/64`, the VLAN's decimal digits read as they are written; the native network has `2001:db8::/64`.
 */
export function derivedIpv6(vlan: number | null): string {
  return vlan === null ? '2001:db8::/64' : `2001:db8:${vlan}::/64`;
}

/**
 * IPv4 prefixes in the order of the networks. A network without one takes the native one first, then the next free of
 * RFC 5737; null when none is left. Invalid prefixes are left as they are, for the check that follows.
 */
export function assignIpv4(networks: readonly NetworkText[]): readonly (string | null)[] {
  const taken = networks.flatMap((network) => prefixes(network.ipv4));
  const free = DOCUMENTATION_IPV4.filter(
    (text) => !prefixes(text).some((one) => taken.some((other) => overlaps(one, other))),
  );
  const take = (network: NetworkText): string | null => {
    const native = free.indexOf(DOCUMENTATION_IPV4[0]);
    if (network.vlan === undefined && native >= 0) return free.splice(native, 1)[0] ?? null;
    const hasNative = networks.some((other) => other.vlan === undefined && other.ipv4 === undefined);
    const at = free.findIndex((text) => !(hasNative && text === DOCUMENTATION_IPV4[0]));
    return at < 0 ? null : (free.splice(at, 1)[0] ?? null);
  };
  return networks.map((network) => network.ipv4 ?? take(network));
}

const prefixes = (text: string | undefined): Prefix[] => {
  const prefix = text === undefined ? null : parsePrefix(text);
  return prefix === null ? [] : [prefix];
};

/** The IPv4 prefix of the fabric: the one given, or the next that no network takes; null when none is left. */
export function assignFabricIpv4(networks: readonly NetworkText[], given: string | undefined): string | null {
  return assignIpv4([...networks, { name: 'fabric', vlan: 1, ipv4: given }]).at(-1) ?? null;
}

/** No VLAN's own prefix can be this: those have decimal digits only. */
export const FABRIC_IPV6 = '2001:db8:fab::/48';

/** The lower or upper half of a prefix, and an address in it; the prefix must be valid. */
export function half(prefix: Prefix, upper: boolean): Prefix {
  const length = prefix.length + 1;
  const bit = 1n << BigInt((prefix.version === 4 ? 32 : 128) - length);
  return { ...prefix, length, base: upper ? prefix.base + bit : prefix.base };
}

/** The first address of a network, where the gateway is unless the topology says otherwise. */
export function firstAddress(prefixText: string): string {
  const prefix = parsePrefix(prefixText);
  if (prefix === null) return prefixText;
  return formatIp({ version: prefix.version, value: prefix.base + 1n });
}

/** Canonical text of a prefix; an invalid one is returned unchanged. */
export function canonicalPrefix(text: string): string {
  const prefix = parsePrefix(text);
  return prefix === null ? text : formatPrefix(prefix);
}

/** Canonical text of an address; an invalid one is returned unchanged. */
export function canonicalIp(text: string): string {
  const ip = parseIp(text);
  return ip === null ? text : formatIp(ip);
}

/** Addresses of a sender on a network. `order`: 0 for the host, 1.. for VMs. */
export function senderAddress(
  network: Network,
  order: number,
  given?: { readonly ipv4?: string | undefined; readonly ipv6?: string | undefined },
): Address {
  return {
    network: network.name,
    ipv4: canonicalIp(given?.ipv4 ?? at(network.ipv4, BigInt(HOST_PART + order))),
    // The same digits in both versions, so that ...::11 and ....11 are easily seen as one sender.
    ipv6: canonicalIp(given?.ipv6 ?? at(network.ipv6, BigInt(`0x${HOST_PART + order}`))),
  };
}

function at(prefixText: string, offset: bigint): string {
  const prefix = parsePrefix(prefixText);
  return prefix === null ? prefixText : formatIp({ version: prefix.version, value: prefix.base + offset });
}
