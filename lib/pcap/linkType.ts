import { isVlanTpid } from '../wire/ethernet.js';
import { MAX_FRAME } from './limits.js';

/**
 * Link types of the registry (LINKTYPE_*) that hold Ethernet: whole, cooked, or with a header of the switch whose CPU
 * captured.
 */
export const LINK_TYPE = {
  ethernet: 1,
  linuxSll: 113,
  juniperEthernet: 178,
  linuxSll2: 276,
  broadcomTag: 281,
  broadcomPrepended: 282,
  marvellDsa: 284,
  marvellEdsa: 285,
} as const;

/** Packet types of cooked captures (if_packet.h). */
export const PACKET_TYPE = { toUs: 0, broadcast: 1, multicast: 2, toOther: 3, outgoing: 4 } as const;

/**
 * Turns cooked frames (`tcpdump -i any`) into Ethernet frames, in its own buffer. A cooked header keeps the source
 * MAC but not the destination, so that is made up from the packet type: broadcast ff:ff:ff:ff:ff:ff; multicast the
 * group's MAC for IPv6 and 01:00:00:00:00:00 otherwise; all others 00:00:00:00:00:00 ("some unicast"). Tags, which
 * libpcap puts into the protocol field, stay.
 */
export interface CookedView {
  /** The Ethernet frame, from index 0; valid until the next `convert`. */
  readonly bytes: Uint8Array;
  captured: number;
  original: number;
  /** PACKET_TYPE: outgoing frames were not received by the capturing machine. */
  packetType: number;
  /** Kernel index of the interface, or 0 where the format has none (SLL): on `any` one frame may be seen on several. */
  interfaceIndex: number;
  /** False when the frame is shorter than its header, too long, or of another link type. Allocates nothing. */
  convert(bytes: Uint8Array, start: number, captured: number, original: number, linkType: number): boolean;
}

const SLL_HEADER = 16;
const SLL2_HEADER = 20;
const ETHERNET_HEADER = 14;

export function createCookedView(): CookedView {
  const out = new Uint8Array(MAX_FRAME + ETHERNET_HEADER);
  const view: CookedView = {
    bytes: out,
    captured: 0,
    original: 0,
    packetType: 0,
    interfaceIndex: 0,
    convert(bytes, start, captured, original, linkType) {
      const second = linkType === LINK_TYPE.linuxSll2;
      const header = second ? SLL2_HEADER : SLL_HEADER;
      if ((!second && linkType !== LINK_TYPE.linuxSll) || captured < header || captured > MAX_FRAME) return false;
      const typeAt = second ? start + 10 : start + 1;
      const lengthAt = second ? start + 11 : start + 5;
      const addressAt = second ? start + 12 : start + 6;
      const protocolAt = second ? start : start + 14;
      view.packetType = bytes[typeAt] as number;
      view.interfaceIndex = second
        ? (((bytes[start + 4] as number) << 24) |
            ((bytes[start + 5] as number) << 16) |
            ((bytes[start + 6] as number) << 8) |
            (bytes[start + 7] as number)) >>>
          0
        : 0;
      const hasAddress = bytes[lengthAt] === 6;
      for (let i = 0; i < 6; i++) out[6 + i] = hasAddress ? (bytes[addressAt + i] as number) : 0;
      const body = captured - header;
      let protocol = ((bytes[protocolAt] as number) << 8) | (bytes[protocolAt + 1] as number);
      // 1 and 4 stand for 802.3 frames, whose length field was lost.
      if (protocol === 1 || protocol === 4) protocol = Math.min(body, 0x5dc);
      out[12] = protocol >> 8;
      out[13] = protocol;
      for (let i = 0; i < body; i++) out[ETHERNET_HEADER + i] = bytes[start + header + i] as number;
      view.captured = ETHERNET_HEADER + body;
      view.original = ETHERNET_HEADER + Math.max(0, original - header);
      destination(out, view.packetType, view.captured);
      return true;
    },
  };
  return view;
}

function destination(out: Uint8Array, packetType: number, captured: number): void {
  const fill = packetType === PACKET_TYPE.broadcast ? 0xff : 0;
  for (let i = 0; i < 6; i++) out[i] = fill;
  if (packetType !== PACKET_TYPE.multicast) return;
  let at = 12;
  while (at < 20 && at + 6 <= captured && isVlanTpid(((out[at] as number) << 8) | (out[at + 1] as number))) at += 4;
  if (out[at] === 0x86 && out[at + 1] === 0xdd && at + 42 <= captured) {
    out[0] = 0x33;
    out[1] = 0x33;
    for (let i = 0; i < 4; i++) out[2 + i] = out[at + 38 + i] as number;
  } else out[0] = 1;
}
