import { FABRIC_IPV6, assignFabricIpv4, canonicalPrefix, clientMac, half } from './addresses.js';
import { formatIp, formatPrefix, parsePrefix, type Prefix } from './ip.js';
import type { Fabric } from './model.js';
import type { TopologyDocument } from './schema.js';

/** Port of a leaf that leads to the spine. */
export const SPINE_PORT = 'to-spine';

/**
 * Spine, links and client with their addresses; null when the topology has none. A prefix that cannot be used gives
 * empty texts, which the check reports.
 */
export function resolveFabric(doc: TopologyDocument): Fabric | null {
  const { spine, client } = doc;
  if (spine === undefined || client === undefined) return null;
  const ipv4 = canonicalPrefix(assignFabricIpv4(doc.networks, spine.ipv4) ?? '');
  const ipv6 = canonicalPrefix(spine.ipv6 ?? FABRIC_IPV6);
  const prefix4 = usable(ipv4, 4, doc.leaves.length);
  const prefix6 = usable(ipv6, 6, doc.leaves.length);
  const network4 = prefix4 === null ? null : half(prefix4, true);
  const network6 = prefix6 === null ? null : half(prefix6, true);
  return {
    spine: spine.name,
    ipv4,
    ipv6,
    uplinks: doc.leaves.map(({ name }, index) => ({
      leaf: name,
      leafPort: SPINE_PORT,
      spinePort: name,
      leafIpv4: at(prefix4, 2 * index),
      spineIpv4: at(prefix4, 2 * index + 1),
      leafIpv6: at(prefix6, 2 * index),
      spineIpv6: at(prefix6, 2 * index + 1),
    })),
    client: {
      node: client.name,
      nic: client.nic ?? 'eth0',
      mac: client.mac?.toLowerCase() ?? clientMac(),
      spinePort: client.name,
      network4: network4 === null ? '' : formatPrefix(network4),
      network6: network6 === null ? '' : formatPrefix(network6),
      gateway4: at(network4, 1),
      gateway6: at(network6, 1),
      ipv4: at(network4, 2),
      ipv6: at(network6, 2),
    },
  };
}

/**
 * A prefix whose lower half has two addresses per leaf, and whose upper half a gateway and a client; null when the text
 * is no prefix.
 */
export function usable(text: string, version: 4 | 6, leaves: number): Prefix | null {
  const prefix = parsePrefix(text);
  if (prefix === null || prefix.version !== version) return null;
  const bits = version === 4 ? 32 : 128;
  if (prefix.length > bits - 3) return null;
  return BigInt(2 * leaves) <= 1n << BigInt(bits - prefix.length - 1) ? prefix : null;
}

function at(prefix: Prefix | null, offset: number): string {
  return prefix === null ? '' : formatIp({ version: prefix.version, value: prefix.base + BigInt(offset) });
}
