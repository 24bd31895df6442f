import { formatIpv4, formatMac } from './address.js';
import { slice, u16, u32, u8 } from './bytes.js';
import { decodeIpv4, decodeIpv6 } from './decodeIp.js';
import { WireError } from './error.js';
import { ETHERTYPE, isVlanTpid } from './ethernet.js';
import type { VlanTag } from './frame.js';
import type { DecodedFrame, LacpEnd, LacpLayer, LldpTlv, Sized } from './layers.js';

/**
 * Takes a whole frame apart. Throws WireError (and nothing else) when a header is cut short or contradicts itself;
 * layers that this project does not use stay opaque.
 */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  const destination = formatMac(bytes, 0);
  const source = formatMac(bytes, 6);
  const tags: VlanTag[] = [];
  let at = 12;
  for (let tpid = u16(bytes, at); isVlanTpid(tpid); tpid = u16(bytes, at)) {
    const tci = u16(bytes, at + 2);
    tags.push({ tpid, vid: tci & 0x0fff, pcp: tci >> 13, dei: (tci & 0x1000) !== 0 });
    at += 4;
  }
  const etherType = u16(bytes, at);
  const { network, length } = decodeNetwork(bytes, at + 2, etherType);
  return { destination, source, tags, etherType, network, trailer: slice(bytes, at + 2 + length, bytes.length) };
}

function decodeNetwork(bytes: Uint8Array, at: number, etherType: number): Sized {
  switch (etherType) {
    case ETHERTYPE.arp:
    case ETHERTYPE.rarp:
      return decodeArp(bytes, at);
    case ETHERTYPE.ipv4:
      return decodeIpv4(bytes, at);
    case ETHERTYPE.ipv6:
      return decodeIpv6(bytes, at);
    case ETHERTYPE.slow:
      return decodeLacp(bytes, at) ?? opaque(bytes, at);
    case ETHERTYPE.lldp:
      return decodeLldp(bytes, at) ?? opaque(bytes, at);
    default:
      // An 802.3 length says where padding starts; a control frame is all trailer.
      return opaque(bytes, at, etherType < 0x0600 ? etherType : etherType === ETHERTYPE.control ? 0 : undefined);
  }
}

function opaque(bytes: Uint8Array, at: number, most = Infinity): Sized {
  const length = Math.min(most, bytes.length - at);
  return { network: { type: 'opaque', bytes: slice(bytes, at, at + length) }, length };
}

function decodeArp(bytes: Uint8Array, at: number): Sized {
  if (u32(bytes, at) !== 0x00010800 || u16(bytes, at + 4) !== 0x0604) return opaque(bytes, at);
  if (bytes.length - at < 28) throw new WireError('ARP is cut short', bytes.length);
  return {
    network: {
      type: 'arp',
      operation: u16(bytes, at + 6),
      senderMac: formatMac(bytes, at + 8),
      senderIpv4: formatIpv4(bytes, at + 14),
      targetMac: formatMac(bytes, at + 18),
      targetIpv4: formatIpv4(bytes, at + 24),
    },
    length: 28,
  };
}

const LACP_BYTES = 110;

function decodeLacp(bytes: Uint8Array, at: number): Sized | null {
  if (u8(bytes, at) !== 1) return null;
  if (bytes.length - at < LACP_BYTES) throw new WireError(`LACPDU is shorter than ${LACP_BYTES} bytes`, bytes.length);
  if (u16(bytes, at + 2) !== 0x0114 || u16(bytes, at + 22) !== 0x0214 || u16(bytes, at + 42) !== 0x0310) return null;
  const network: LacpLayer = {
    type: 'lacp',
    version: u8(bytes, at + 1),
    actor: lacpEnd(bytes, at + 4),
    partner: lacpEnd(bytes, at + 24),
    collectorMaxDelay: u16(bytes, at + 44),
    rest: slice(bytes, at + 46, at + LACP_BYTES),
  };
  return { network, length: LACP_BYTES };
}

function lacpEnd(bytes: Uint8Array, at: number): LacpEnd {
  return {
    systemPriority: u16(bytes, at),
    system: formatMac(bytes, at + 2),
    key: u16(bytes, at + 8),
    portPriority: u16(bytes, at + 10),
    port: u16(bytes, at + 12),
    state: u8(bytes, at + 14),
    reserved: slice(bytes, at + 15, at + 18),
  };
}

function decodeLldp(bytes: Uint8Array, start: number): Sized | null {
  const tlvs: LldpTlv[] = [];
  let at = start;
  for (;;) {
    if (bytes.length - at < 2) throw new WireError('LLDP has no End TLV', bytes.length);
    const head = u16(bytes, at);
    const length = head & 0x1ff;
    if (head === 0) return { network: { type: 'lldp', tlvs }, length: at + 2 - start };
    if (head >> 9 === 0) return null;
    if (bytes.length - at - 2 < length) throw new WireError('LLDP TLV runs over the frame', at);
    tlvs.push({ type: head >> 9, value: slice(bytes, at + 2, at + 2 + length) });
    at += 2 + length;
  }
}
