import type { Topology } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';
import {
  formatIpv4,
  formatIpv6,
  formatMac,
  linkLocalFromMac,
  parseIpv4,
  parseIpv6,
  parseMac,
} from '../../wire/address.js';
import { decodeFrame } from '../../wire/decode.js';
import { WireError } from '../../wire/error.js';
import { ETHERTYPE } from '../../wire/ethernet.js';
import { ND_OPTION } from '../../wire/nd.js';
import { readable } from '../read/tappedSender.js';

/**
 * Whether an announcement (gratuitous ARP, unsolicited Neighbor Advertisement) carries an address and the MAC of its
 * own sender, in a network in which that sender has the address.
 */
export type AnnouncesOwn = (frame: Uint8Array) => boolean;

/** What a leaf learns from a gratuitous ARP or an advertisement. `vlan`: 0 = untagged. */
interface Announced {
  readonly mac: string;
  readonly vlan: number;
  readonly ip: string;
}

const MAC_BYTES = 6;

const keyOf = ({ mac, vlan, ip }: Announced): string => `${mac} ${vlan} ${ip}`;

/**
 * The addresses of a sender: those in each network, and the link-local one that its kernel derives from its MAC there.
 */
export function announcesOwnOf(topology: Topology): AnnouncesOwn {
  const own = new Set(
    sendersOf(topology).flatMap(({ mac, addresses }) =>
      addresses.flatMap(({ network, ipv4, ipv6 }) => {
        const vlan = topology.networks.find(({ name }) => name === network)?.vlan ?? 0;
        const ips = [
          ...readable(parseIpv4, ipv4).map((bytes) => formatIpv4(bytes)),
          ...readable(parseIpv6, ipv6).map((bytes) => formatIpv6(bytes)),
          formatIpv6(linkLocalFromMac(parseMac(mac))),
        ];
        return ips.map((ip) => keyOf({ mac: mac.toLowerCase(), vlan, ip }));
      }),
    ),
  );
  return (frame) => {
    const told = readAnnounced(frame);
    return told !== null && own.has(keyOf(told));
  };
}

/**
 * Null where a frame announces nothing, announces another MAC than its source, or has tags that no sender's frames
 * have.
 */
function readAnnounced(frame: Uint8Array): Announced | null {
  try {
    const { source, tags, network } = decodeFrame(frame);
    const [tag] = tags;
    if (tags.length > 1 || (tag !== undefined && (tag.tpid !== ETHERTYPE.vlan || tag.vid === 0))) return null;
    const of = { mac: source, vlan: tag?.vid ?? 0 };
    if (network.type === 'arp') return network.senderMac === source ? { ...of, ip: network.senderIpv4 } : null;
    if (network.type !== 'ipv6' || network.payload.type !== 'icmpv6' || network.payload.message.type !== 'na')
      return null;
    const { target, options } = network.payload.message;
    const isOfSource = options.every(
      ({ type, value }) =>
        type !== ND_OPTION.targetLinkLayer || (value.length === MAC_BYTES && formatMac(value) === source),
    );
    return isOfSource ? { ...of, ip: target } : null;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
