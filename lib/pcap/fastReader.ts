/**
 * Reads the plain part of captures, and stops in front of everything else: a reader of lib/pcap then does what it would
 * have done, one unit further, and asks again. What is read is the same with it and without. Allocates nothing.
 */
export interface FastReader {
  /** Whether it reads these bytes where they are; asked once for a chunk. */
  holds(bytes: Uint8Array): boolean;
  /** Whether frames that come now are such as it can take. */
  isReady(): boolean;
  /**
   * Records of pcap in bytes[at, end), least significant byte first, Ethernet without a check sequence.
   * @param base what is to be added to an index for the offset in the file
   * @param unit nanoseconds of one unit of the fraction: 1 or 1000
   * @returns where it stopped
   */
  pcap(bytes: Uint8Array, at: number, end: number, base: number, unit: number): number;
  /**
   * Enhanced packets of a file's only interface in bytes[at, end), as above.
   * @param perSecond units of its clock in a second, and seconds that are added
   */
  pcapng(bytes: Uint8Array, at: number, end: number, base: number, perSecond: number, offsetSeconds: number): number;
  /** Frames that the last call took. */
  readonly frames: number;
}
