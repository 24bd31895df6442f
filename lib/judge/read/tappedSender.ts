import type { Topology } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';
import { formatMac, linkLocalFromMac, parseIpv4, parseIpv6, parseMac, solicitedNodeMac } from '../../wire/address.js';
import { WireError } from '../../wire/error.js';
import { macNumber } from './macs.js';

/** The sender behind a tap: what decides which incoming frames matter. MACs and addresses as numbers. */
export interface TappedSender {
  /** Null where the tap's node is no sender. */
  readonly mac: number | null;
  readonly ipv4: ReadonlySet<number>;
  /** Own MAC, and those of the solicited-node groups of its IPv6 addresses (RFC 4861 7.2.2). */
  readonly answersTo: ReadonlySet<number>;
  /** VLANs whose frames it may hear, 0 = the native one; null = all, as on a port without VLAN settings. */
  readonly vlans: ReadonlySet<number> | null;
}

export function tappedSender(topology: Topology, node: string): TappedSender {
  const sender = sendersOf(topology).find((candidate) => candidate.node === node);
  if (sender === undefined) return { mac: null, ipv4: new Set(), answersTo: new Set(), vlans: null };
  const { mac, addresses } = sender;
  const groups = [linkLocalFromMac(parseMac(mac)), ...addresses.flatMap(({ ipv6 }) => readable(parseIpv6, ipv6))].map(
    solicitedNodeMac,
  );
  return {
    mac: macNumber(mac),
    ipv4: new Set(
      addresses
        .flatMap(({ ipv4 }) => readable(parseIpv4, ipv4))
        .map((bytes) => bytes.reduce((number, byte) => number * 256 + byte, 0)),
    ),
    answersTo: new Set([macNumber(mac), ...groups.map((group) => macNumber(formatMac(group)))]),
    vlans: vlansOf(topology, node),
  };
}

/** Evidence may come from anywhere: an invalid address matches nothing. */
export function readable(parse: (text: string) => Uint8Array, text: string): readonly Uint8Array[] {
  try {
    return [parse(text)];
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}

function vlansOf(topology: Topology, node: string): TappedSender['vlans'] {
  const attachment = sendersOf(topology).find((sender) => sender.node === node)?.attachment;
  if (attachment === undefined || attachment.type === 'native') return null;
  const names = attachment.type === 'trunk' ? attachment.networks : [attachment.network];
  return new Set(topology.networks.flatMap(({ name, vlan }) => (names.includes(name) ? [vlan ?? 0] : [])));
}
