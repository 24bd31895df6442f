/**
 * Frames that are still open: each was seen on one leaf or more, and more copies may come. A ring in order of arrival
 * with a hash index over it, all in columns; it grows to `most` entries and never beyond.
 */
export interface Entries {
  readonly leaves: number;
  capacity: number;
  /** Wrapping counters; entries [oldest, newest) are open. The entry's place is counter & (capacity - 1). */
  oldest: number;
  newest: number;
  keyA: Int32Array;
  keyB: Int32Array;
  loose: Int32Array;
  meta: Int32Array;
  destination: Int32Array;
  /** ns on the corrected clock: the copy that opened it, the earliest and the latest one. */
  opened: Float64Array;
  first: Float64Array;
  last: Float64Array;
  /** Leaves that saw it. */
  distinct: Uint8Array;
  /**
   * 1: a leaf saw more than one; 2: copies differ in their destination; 4: repeats that cannot be told apart (unknown
   * clock).
   */
  flags: Uint8Array;
  /** Per entry and leaf. */
  copies: Uint8Array;
  times: Float64Array;
  offsets: Float64Array;
  /** Per entry and leaf: latest copy there. */
  latest: Float64Array;
  next: Int32Array;
  heads: Int32Array;
}

export const SEVERAL = 1;
export const OTHER_DESTINATION = 2;
export const REPEATED = 4;

const START = 1 << 10;

export function createEntries(leaves: number): Entries {
  const entries: Entries = {
    leaves,
    capacity: 0,
    oldest: 0,
    newest: 0,
    keyA: new Int32Array(0),
    keyB: new Int32Array(0),
    loose: new Int32Array(0),
    meta: new Int32Array(0),
    destination: new Int32Array(0),
    opened: new Float64Array(0),
    first: new Float64Array(0),
    last: new Float64Array(0),
    distinct: new Uint8Array(0),
    flags: new Uint8Array(0),
    copies: new Uint8Array(0),
    times: new Float64Array(0),
    offsets: new Float64Array(0),
    latest: new Float64Array(0),
    next: new Int32Array(0),
    heads: new Int32Array(0),
  };
  resize(entries, START);
  return entries;
}

/** Bytes of open entries that a judgement keeps at most. */
const MOST_BYTES = 96 << 20;

/** Whether the ring may still double. */
export function canGrow(entries: Entries): boolean {
  return entries.capacity * 2 * (60 + 25 * entries.leaves) <= MOST_BYTES;
}

/** Doubles the ring; open entries keep their counters. */
export function grow(entries: Entries): void {
  resize(entries, entries.capacity * 2);
}

function resize(entries: Entries, capacity: number): void {
  const { leaves, oldest, newest } = entries;
  const old = { ...entries };
  entries.capacity = capacity;
  entries.keyA = new Int32Array(capacity);
  entries.keyB = new Int32Array(capacity);
  entries.loose = new Int32Array(capacity);
  entries.meta = new Int32Array(capacity);
  entries.destination = new Int32Array(capacity);
  entries.opened = new Float64Array(capacity);
  entries.first = new Float64Array(capacity);
  entries.last = new Float64Array(capacity);
  entries.distinct = new Uint8Array(capacity);
  entries.flags = new Uint8Array(capacity);
  entries.copies = new Uint8Array(capacity * leaves);
  entries.times = new Float64Array(capacity * leaves);
  entries.offsets = new Float64Array(capacity * leaves);
  entries.latest = new Float64Array(capacity * leaves);
  entries.next = new Int32Array(capacity);
  entries.heads = new Int32Array(2 * capacity).fill(-1);
  for (let counter = oldest; counter !== newest; counter = (counter + 1) | 0) {
    const from = counter & (old.capacity - 1);
    const to = counter & (capacity - 1);
    for (const column of [
      'keyA',
      'keyB',
      'loose',
      'meta',
      'destination',
      'opened',
      'first',
      'last',
      'distinct',
      'flags',
    ] as const) {
      entries[column][to] = old[column][from] ?? 0;
    }
    for (const column of ['copies', 'times', 'offsets', 'latest'] as const) {
      for (let leaf = 0; leaf < leaves; leaf++)
        entries[column][to * leaves + leaf] = old[column][from * leaves + leaf] ?? 0;
    }
    link(entries, to);
  }
}

/** Puts an entry whose key is set at the head of its chain. */
function link(entries: Entries, at: number): void {
  const bucket = (entries.keyA[at] ?? 0) & (2 * entries.capacity - 1);
  entries.next[at] = entries.heads[bucket] ?? -1;
  entries.heads[bucket] = at;
}

/** Takes an entry out of its chain. The oldest entry stands at the chain's end. */
export function unlink(entries: Entries, at: number): void {
  const bucket = (entries.keyA[at] as number) & (2 * entries.capacity - 1);
  const { next, heads } = entries;
  let other = heads[bucket] as number;
  if (other === at) {
    heads[bucket] = next[at] as number;
    return;
  }
  while (other >= 0) {
    const following = next[other] as number;
    if (following === at) {
      next[other] = next[at] as number;
      return;
    }
    other = following;
  }
}
