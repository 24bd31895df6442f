/** Bytes of one Ethernet frame without preamble and FCS. */
export type FrameBytes = Uint8Array;

/** EtherTypes of VLAN tags: 802.1Q, 802.1ad, and the one that switches used for the outer tag before 802.1ad. */
export type VlanTpid = 0x8100 | 0x88a8 | 0x9100 | 0x9200 | 0x9300;

/** A VLAN tag as on the wire. */
export interface VlanTag {
  readonly tpid: VlanTpid;
  /** 0..4094 */
  readonly vid: number;
  /** Priority code point, 0..7. */
  readonly pcp: number;
  readonly dei: boolean;
}
