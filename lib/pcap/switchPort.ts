import { DSA_BYTES, isDsaTagged, isFromCpu, writeVlanTag } from '../wire/dsaTag.js';
import { MAX_FRAME } from './limits.js';
import { LINK_TYPE } from './linkType.js';

/**
 * Turns frames as a switch's CPU sees them, with the switch's own header, into what was on the wire, in its own buffer.
 */
export interface SwitchPortView {
  /** The Ethernet frame, from index 0; valid until the next `convert`. */
  readonly bytes: Uint8Array;
  captured: number;
  original: number;
  /** The CPU sent it: no port received it. */
  isOutgoing: boolean;
  /** False when the link type is none of these, or no Ethernet header follows the switch's. */
  convert(bytes: Uint8Array, start: number, captured: number, original: number, linkType: number): boolean;
}

/** Bytes of the two MAC addresses, behind which tags stand. */
const ADDRESSES = 12;
/** Broadcom's tag (Linux net/dsa/tag_brcm.c): the three top bits are 0 from the switch, 1 from the CPU. */
const BROADCOM_BYTES = 4;
/** EtherType, two reserved bytes and a DSA tag. */
const EDSA_BYTES = 8;
/** Juniper's header: "MGC", flags, and, where the flags say so, a length and as many bytes of extensions. */
const JUNIPER = { magic: [0x4d, 0x47, 0x43], incoming: 0x01, noEthernet: 0x02, extended: 0x80 } as const;

export function createSwitchPortView(): SwitchPortView {
  const out = new Uint8Array(MAX_FRAME);
  const view: SwitchPortView = {
    bytes: out,
    captured: 0,
    original: 0,
    isOutgoing: false,
    convert(bytes, start, captured, original, linkType) {
      switch (linkType) {
        case LINK_TYPE.broadcomTag:
          view.isOutgoing = captured > ADDRESSES && (bytes[start + ADDRESSES] as number) >> 5 === 1;
          return without(bytes, start, captured, original, ADDRESSES, BROADCOM_BYTES);
        case LINK_TYPE.broadcomPrepended:
          view.isOutgoing = captured > 0 && (bytes[start] as number) >> 5 === 1;
          return without(bytes, start, captured, original, 0, BROADCOM_BYTES);
        case LINK_TYPE.marvellDsa:
          return marvell(bytes, start, captured, original, DSA_BYTES);
        case LINK_TYPE.marvellEdsa:
          return marvell(bytes, start, captured, original, EDSA_BYTES);
        case LINK_TYPE.juniperEthernet:
          return juniper(bytes, start, captured, original);
        default:
          return false;
      }
    },
  };

  /** The frame without `count` bytes at `at`; false when what is left has no Ethernet header. */
  function without(
    bytes: Uint8Array,
    start: number,
    captured: number,
    original: number,
    at: number,
    count: number,
  ): boolean {
    if (captured > MAX_FRAME || captured < count + ADDRESSES + 2) return false;
    out.set(bytes.subarray(start, start + at), 0);
    out.set(bytes.subarray(start + at + count, start + captured), at);
    view.captured = captured - count;
    view.original = Math.max(view.captured, original - count);
    return true;
  }

  function marvell(bytes: Uint8Array, start: number, captured: number, original: number, size: number): boolean {
    if (captured < ADDRESSES + size + 2) return false;
    const tag = start + ADDRESSES + size - DSA_BYTES;
    view.isOutgoing = isFromCpu(bytes, tag);
    if (!isDsaTagged(bytes, tag)) return without(bytes, start, captured, original, ADDRESSES, size);
    if (!without(bytes, start, captured, original, ADDRESSES, size - DSA_BYTES)) return false;
    writeVlanTag(bytes, tag, out, ADDRESSES);
    return true;
  }

  function juniper(bytes: Uint8Array, start: number, captured: number, original: number): boolean {
    if (captured < 6 || JUNIPER.magic.some((byte, i) => bytes[start + i] !== byte)) return false;
    const flags = bytes[start + 3] as number;
    if ((flags & JUNIPER.noEthernet) !== 0) return false;
    view.isOutgoing = (flags & JUNIPER.incoming) === 0;
    const extensions = ((bytes[start + 4] as number) << 8) | (bytes[start + 5] as number);
    return without(bytes, start, captured, original, 0, (flags & JUNIPER.extended) === 0 ? 4 : 6 + extensions);
  }

  return view;
}
