import type { VlanTag } from './frame.js';

/**
 * A frame taken apart. Encoding it gives the same bytes back: what cannot be taken apart without loss stays `opaque`.
 */
export interface DecodedFrame {
  readonly destination: string;
  readonly source: string;
  readonly tags: readonly VlanTag[];
  /** After the tags; below 0x0600 it is an 802.3 length. */
  readonly etherType: number;
  readonly network: NetworkLayer;
  /** After the network packet: Ethernet padding, a token. */
  readonly trailer: Uint8Array;
}

export type NetworkLayer = ArpLayer | Ipv4Layer | Ipv6Layer | LacpLayer | LldpLayer | OpaqueLayer;
export type TransportLayer = UdpLayer | TcpLayer | IcmpLayer | OpaqueLayer;

/** A layer and how many bytes of the frame it takes. */
export interface Sized {
  readonly network: NetworkLayer;
  readonly length: number;
}

export interface OpaqueLayer {
  readonly type: 'opaque';
  readonly bytes: Uint8Array;
}

/** ARP or RARP for IPv4 over Ethernet. */
export interface ArpLayer {
  readonly type: 'arp';
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIpv4: string;
  readonly targetMac: string;
  readonly targetIpv4: string;
}

export interface Ipv4Layer {
  readonly type: 'ipv4';
  readonly typeOfService: number;
  readonly identification: number;
  /** Three flag bits and the offset in units of 8 bytes, as on the wire. */
  readonly fragment: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly checksum: number;
  readonly source: string;
  readonly destination: string;
  readonly options: Uint8Array;
  readonly payload: TransportLayer;
}

export interface ExtensionHeader {
  /** 0 hop-by-hop, 43 routing, 44 fragment, 60 destination options. */
  readonly type: number;
  /** All but the first byte (next header). */
  readonly body: Uint8Array;
}

export interface Ipv6Layer {
  readonly type: 'ipv6';
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly hopLimit: number;
  readonly source: string;
  readonly destination: string;
  readonly extensions: readonly ExtensionHeader[];
  /** Of the payload, after the extension headers. */
  readonly nextHeader: number;
  readonly payload: TransportLayer;
}

export interface UdpLayer {
  readonly type: 'udp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly checksum: number;
  readonly data: Uint8Array;
}

export interface TcpLayer {
  readonly type: 'tcp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** The twelve bits after the data offset. */
  readonly flags: number;
  readonly window: number;
  readonly checksum: number;
  readonly urgent: number;
  readonly options: Uint8Array;
  readonly data: Uint8Array;
}

/** ICMP or ICMPv6. */
export interface IcmpLayer {
  readonly type: 'icmp' | 'icmpv6';
  readonly messageType: number;
  readonly code: number;
  readonly checksum: number;
  readonly message: NdMessage | OpaqueLayer;
}

export interface NdOption {
  readonly type: number;
  /** All but type and length. */
  readonly value: Uint8Array;
}

export type NdMessage =
  | { readonly type: 'rs'; readonly reserved: number; readonly options: readonly NdOption[] }
  | {
      readonly type: 'ra';
      readonly hopLimit: number;
      readonly flags: number;
      readonly lifetime: number;
      readonly reachable: number;
      readonly retransmit: number;
      readonly options: readonly NdOption[];
    }
  | { readonly type: 'ns'; readonly reserved: number; readonly target: string; readonly options: readonly NdOption[] }
  | {
      readonly type: 'na';
      readonly router: boolean;
      readonly solicited: boolean;
      readonly override: boolean;
      readonly reserved: number;
      readonly target: string;
      readonly options: readonly NdOption[];
    }
  | {
      readonly type: 'redirect';
      readonly reserved: number;
      readonly target: string;
      readonly destination: string;
      readonly options: readonly NdOption[];
    };

/** One end of an aggregation, as LACP describes it (IEEE 802.1AX 6.4.2.3). */
export interface LacpEnd {
  readonly systemPriority: number;
  readonly system: string;
  readonly key: number;
  readonly portPriority: number;
  readonly port: number;
  /** Bits from 0: activity, timeout, aggregation, synchronization, collecting, distributing, defaulted, expired. */
  readonly state: number;
  readonly reserved: Uint8Array;
}

export interface LacpLayer {
  readonly type: 'lacp';
  readonly version: number;
  readonly actor: LacpEnd;
  readonly partner: LacpEnd;
  readonly collectorMaxDelay: number;
  /** After the delay, up to the PDU's 110 bytes. */
  readonly rest: Uint8Array;
}

export interface LldpTlv {
  readonly type: number;
  readonly value: Uint8Array;
}

/** All TLVs before the End TLV. */
export interface LldpLayer {
  readonly type: 'lldp';
  readonly tlvs: readonly LldpTlv[];
}
