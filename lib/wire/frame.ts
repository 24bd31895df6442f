/** Bytes of one Ethernet frame without preamble and FCS. */
export type FrameBytes = Uint8Array;

/** 802.1Q or 802.1ad tag as it stands on the wire. */
export interface VlanTag {
  readonly tpid: 0x8100 | 0x88a8;
  /** 0..4094 */
  readonly vid: number;
  /** Priority code point, 0..7. */
  readonly pcp: number;
  readonly dei: boolean;
}
