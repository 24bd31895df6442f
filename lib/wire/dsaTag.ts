/**
 * Marvell's DSA tag, four bytes (Linux net/dsa/tag_dsa.c): command in the two top bits, then whether the frame had an
 * 802.1Q tag. If so, the DSA tag took its place: the third and fourth byte are that tag's TCI, except for the CFI bit,
 * which is the lowest of the second byte.
 */
export const DSA_BYTES = 4;

/** The command of frames that the CPU sends out of the switch. */
const FROM_CPU = 1;

export function isFromCpu(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] as number) >> 6 === FROM_CPU;
}

/** Whether the frame was tagged on the wire. */
export function isDsaTagged(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) & 0x20) !== 0;
}

/** Writes the 802.1Q tag that the DSA tag at `at` stands for, four bytes, to `out[to]`. */
export function writeVlanTag(bytes: Uint8Array, at: number, out: Uint8Array, to: number): void {
  out[to] = 0x81;
  out[to + 1] = 0;
  out[to + 2] = ((bytes[at + 2] as number) & 0xef) | (((bytes[at + 1] as number) & 1) << 4);
  out[to + 3] = bytes[at + 3] as number;
}
