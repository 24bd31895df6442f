import { LINK_TYPE } from '../linkType.js';

/** A frame as a switch's CPU port shows it, received from a port or (`isOutgoing`) sent by the CPU. `port` is 0..15. */
export function atSwitchPort(frame: Uint8Array, linkType: number, port = 5, isOutgoing = false): Uint8Array {
  const [addresses, rest] = [frame.subarray(0, 12), frame.subarray(12)];
  const broadcom = [isOutgoing ? 0x20 : 0, 0, 0, port];
  const isTagged = rest[0] === 0x81 && rest[1] === 0;
  const dsa = [
    (isOutgoing ? 0x40 : 0xc0) | (isTagged ? 0x20 : 0),
    (port << 3) | (isTagged ? ((rest[2] ?? 0) >> 4) & 1 : 0),
    isTagged ? (rest[2] ?? 0) & 0xef : 0,
    isTagged ? (rest[3] ?? 0) : 1,
  ];
  const behindTag = isTagged ? rest.subarray(4) : rest;
  switch (linkType) {
    case LINK_TYPE.broadcomTag:
      return Uint8Array.of(...addresses, ...broadcom, ...rest);
    case LINK_TYPE.broadcomPrepended:
      return Uint8Array.of(...broadcom, ...frame);
    case LINK_TYPE.marvellDsa:
      return Uint8Array.of(...addresses, ...dsa, ...behindTag);
    case LINK_TYPE.marvellEdsa:
      return Uint8Array.of(...addresses, 0xda, 0xda, 0, 0, ...dsa, ...behindTag);
    case LINK_TYPE.juniperEthernet:
      return Uint8Array.of(0x4d, 0x47, 0x43, isOutgoing ? 0x80 : 0x81, 0, 6, 3, 2, 0, 1, 1, 1, ...frame);
    default:
      throw new RangeError(`no switch port of link type ${linkType}`);
  }
}

export const SWITCH_PORT_LINKS: readonly number[] = [
  LINK_TYPE.juniperEthernet,
  LINK_TYPE.broadcomTag,
  LINK_TYPE.broadcomPrepended,
  LINK_TYPE.marvellDsa,
  LINK_TYPE.marvellEdsa,
];
