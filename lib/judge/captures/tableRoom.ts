/** Where tables are: each in memory of its own, or one after the other in memory that other code reads, too. */
export interface TableRoom {
  bytes(count: number): Uint8Array;
  words(count: number): Int32Array;
  counts(count: number): Uint32Array;
  numbers(count: number): Float64Array;
}

export const OWN_MEMORY: TableRoom = {
  bytes: (count) => new Uint8Array(count),
  words: (count) => new Int32Array(count),
  counts: (count) => new Uint32Array(count),
  numbers: (count) => new Float64Array(count),
};

/** Room in `buffer` from a byte on, which is all zero there. Throws RangeError when it is used up. */
export function roomIn(buffer: ArrayBufferLike, from: number): TableRoom {
  let next = from;
  const take = <T>(bytes: number, make: (at: number) => T): T => {
    const at = (next + 7) & ~7;
    next = at + bytes;
    return make(at);
  };
  return {
    bytes: (count) => take(count, (at) => new Uint8Array(buffer, at, count)),
    words: (count) => take(4 * count, (at) => new Int32Array(buffer, at, count)),
    counts: (count) => take(4 * count, (at) => new Uint32Array(buffer, at, count)),
    numbers: (count) => take(8 * count, (at) => new Float64Array(buffer, at, count)),
  };
}
