/** Called for every frame of a capture, in file order. `bytes` is only valid during the call. Allocates nothing. */
export interface FrameSink {
  /**
   * @param start first byte of the link-layer frame in `bytes`
   * @param captured bytes present; `original` bytes on the wire
   * @param seconds since the epoch; `nanos` 0..999,999,999
   * @param offset of the record's header in the (uncompressed) file
   */
  frame(
    bytes: Uint8Array,
    start: number,
    captured: number,
    original: number,
    seconds: number,
    nanos: number,
    linkType: number,
    iface: number,
    offset: number,
  ): void;
  /** `count` interfaces have been described up to here, the latest with this name; called before its first frame. */
  described?(interfaces: number, name: string | null): void;
  /** Of several files the one with this index begins, with a frame of this time: called before that frame. */
  begins?(file: number, seconds: number, nanos: number): void;
}

/** Where a capture stops being readable. */
export interface Damage {
  readonly offset: number;
  readonly message: string;
}

/** What a capture says about itself. `damage` present = everything before it was delivered, nothing after. */
export interface CaptureSummary {
  readonly format: 'pcap' | 'pcapng';
  readonly frames: number;
  readonly bytes: number;
  /** Drops reported inside the file (pcapng interface statistics); null when the file does not say. */
  readonly drops: number | null;
  /** Sections that hold frames: more than one are captures that were joined. A pcap file is one. */
  readonly sections: number;
  readonly interfaces: readonly {
    readonly linkType: number;
    readonly name: string | null;
    readonly snapLength: number;
  }[];
  /** Records whose fraction of a second was a second or more, and was carried into the seconds. */
  readonly carried: number;
  /** Frames without a time (simple packet blocks), which are delivered as of 0 s. */
  readonly untimed: number;
  /** Where the second section with frames begins, and how many frames are before it; null where there is none. */
  readonly joined: { readonly offset: number; readonly frames: number } | null;
  readonly damage: Damage | null;
}

/** A push parser: feed it chunks of any size, in order. Never throws on content; damage is in the summary. */
export interface CaptureParser {
  push(chunk: Uint8Array): void;
  /** Nothing that is pushed from now on will be read: the reader of an endless stream can stop. */
  isDamaged(): boolean;
  end(): CaptureSummary;
}
