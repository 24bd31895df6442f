/**
 * One capture's frames of interest as columns in a ring: written by whoever reads the capture, read by the matcher,
 * possibly on two threads. 36 bytes a frame, no object per frame.
 */
export interface Columns {
  /** Power of two. */
  readonly capacity: number;
  /** ns after the capture's own base. */
  readonly time: Float64Array;
  /** Of the record in the (uncompressed) file. */
  readonly offset: Float64Array;
  /**
   * Two independent 32-bit hashes of the content, the second one without VLAN tags; of data it is of what an altered copy
   * keeps, as `loose`.
   */
  readonly keyA: Int32Array;
  readonly keyB: Int32Array;
  /** What an altered copy still has in common with its original: of ARP, NS, NA, malformed ND and data; 0 of others. */
  readonly loose: Int32Array;
  /**
   * Hash of the destination MAC, of data its way (`mayBeOwnWay`); 0 where the capture does not have it (cooked), or has no
   * tags.
   */
  readonly destination: Int32Array;
  readonly meta: Int32Array;
}

export const BYTES_PER_FRAME = 36;

export function columnsIn(buffer: ArrayBuffer | SharedArrayBuffer, start: number, capacity: number): Columns {
  let at = start;
  const take = <T>(bytes: number, make: (at: number) => T): T => {
    const made = make(at);
    at += bytes * capacity;
    return made;
  };
  return {
    capacity,
    time: take(8, (from) => new Float64Array(buffer, from, capacity)),
    offset: take(8, (from) => new Float64Array(buffer, from, capacity)),
    keyA: take(4, (from) => new Int32Array(buffer, from, capacity)),
    keyB: take(4, (from) => new Int32Array(buffer, from, capacity)),
    loose: take(4, (from) => new Int32Array(buffer, from, capacity)),
    destination: take(4, (from) => new Int32Array(buffer, from, capacity)),
    meta: take(4, (from) => new Int32Array(buffer, from, capacity)),
  };
}

/** Bits of `meta`: 0-5 kind, 6-7 tags, then flags, from 12 on the sender. */
export const KIND_BITS = 0x3f;
export const FORM_SHIFT = 6;
export const FORM_BITS = 0x3;
/** ARP, NS or NA. */
export const NEIGHBOR = 0x100;
/** Its source is a leaf or gateway: no host sends that. */
export const FROM_LEAF = 0x200;
/** Its destination is a named host. */
export const TO_HOST = 0x400;
/** A stranger's neighbor frame whose packet tells the MAC of a named host as that of its sender. */
export const FOR_HOST = 0x800;
/**
 * Of data that has a sender, instead of the two above: each packet of its host has a number (the identification of IPv4);
 * or it is an acknowledgment of TCP without one and without data, which its host may say several times in the same words.
 */
export const NUMBERED = TO_HOST;
export const BARE_ACK = FOR_HOST;
/**
 * Of data that has a sender, instead of these: it came from another MAC than its IP address belongs to, and is
 * recorded as if that one, which is its sender here, had sent it.
 */
export const DISGUISED = TO_HOST | FOR_HOST;
/** Number of the sender in the capture's own table, from 1; 0 = a stranger. */
export const SENDER_SHIFT = 12;
