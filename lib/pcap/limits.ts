/** Largest frame that a record may hold, bytes: the most that tcpdump and dumpcap ever write (262144). */
export const MAX_FRAME = 0x40000;

/**
 * Largest pcapng block that is looked into, bytes: a frame and as much again for options. Blocks that are skipped may
 * be any size.
 */
export const MAX_BLOCK = 2 * MAX_FRAME;

/** First bytes of a pcapng section, in either byte order. */
export const SECTION_HEADER = 0x0a0d0d0a;

/** Whether a word is a section's byte-order magic, in either byte order. */
export function isByteOrderMagic(word: number): boolean {
  return word === 0x1a2b3c4d || word === 0x4d3c2b1a;
}

/** Interfaces over all sections of a pcapng file. */
export const MAX_INTERFACES = 0x20000;

/** Longest interface name that is kept, bytes. */
export const MAX_NAME = 256;

/** Latest second since the epoch whose nanoseconds fit a signed 64-bit integer (year 2262). */
export const MAX_SECONDS = 9_223_372_035;

/** The fewest bytes that a record takes in a file: its header. */
export const LEAST_RECORD = 16;
