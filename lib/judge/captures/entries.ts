import { OWN_MEMORY, type TableRoom } from './tableRoom.js';

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
  /** The two counters, in this order. */
  readonly counters: Int32Array;
  /** Columns in memory that other code reads, too; where there are more entries, all columns are elsewhere. */
  readonly shared: EntryColumns | null;
}

type EntryColumns = Pick<Entries, (typeof BY_ENTRY)[number] | (typeof BY_LEAF)[number] | 'next' | 'heads'>;

const BY_ENTRY = [
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
] as const;
const BY_LEAF = ['copies', 'times', 'offsets', 'latest'] as const;

export const SEVERAL = 1;
export const OTHER_DESTINATION = 2;
export const REPEATED = 4;

const START = 1 << 10;

/** @param room where columns are as long as they need no more than MOST_SHARED; null = nobody else reads them */
export function createEntries(leaves: number, room: TableRoom | null = null): Entries {
  const counters = room?.words(2) ?? new Int32Array(2);
  const entries: Entries = {
    leaves,
    capacity: 0,
    counters,
    shared: room === null ? null : columnsOf(sharedCapacity(leaves), leaves, room),
    get oldest() {
      return counters[0] as number;
    },
    set oldest(counter) {
      counters[0] = counter;
    },
    get newest() {
      return counters[1] as number;
    },
    set newest(counter) {
      counters[1] = counter;
    },
    ...columnsOf(0, leaves, OWN_MEMORY),
  };
  resize(entries, START);
  return entries;
}

function columnsOf(capacity: number, leaves: number, room: TableRoom): EntryColumns {
  return {
    keyA: room.words(capacity),
    keyB: room.words(capacity),
    loose: room.words(capacity),
    meta: room.words(capacity),
    destination: room.words(capacity),
    opened: room.numbers(capacity),
    first: room.numbers(capacity),
    last: room.numbers(capacity),
    distinct: room.bytes(capacity),
    flags: room.bytes(capacity),
    copies: room.bytes(capacity * leaves),
    times: room.numbers(capacity * leaves),
    offsets: room.numbers(capacity * leaves),
    latest: room.numbers(capacity * leaves),
    next: room.words(capacity),
    heads: room.words(2 * capacity),
  };
}

/** Whether all columns are where other code reads them, too. */
export function areShared({ shared, keyA }: Entries): boolean {
  return shared !== null && keyA.buffer === shared.keyA.buffer;
}

/** Bytes of an entry. */
function bytesEach(leaves: number): number {
  return 60 + 25 * leaves;
}

/** Bytes of columns that are shared: some ten thousand entries; 300,000 frames a second need a few thousand. */
const MOST_SHARED = 8 << 20;

function sharedCapacity(leaves: number): number {
  let capacity = START;
  while (capacity * 2 * bytesEach(leaves) <= MOST_SHARED) capacity *= 2;
  return capacity;
}

/** Bytes of open entries that a judgement keeps at most. */
const MOST_BYTES = 96 << 20;

/** Whether the ring may still double. */
export function canGrow(entries: Entries): boolean {
  return entries.capacity * 2 * bytesEach(entries.leaves) <= MOST_BYTES;
}

/** Doubles the ring; open entries keep their counters. */
export function grow(entries: Entries): void {
  resize(entries, entries.capacity * 2);
}

function resize(entries: Entries, capacity: number): void {
  const { leaves, oldest, newest, shared } = entries;
  const old = { ...entries };
  // Shared columns grow where they are: what moves goes to where nothing was before.
  const columns =
    shared !== null && capacity <= shared.keyA.length
      ? within(shared, capacity, leaves)
      : columnsOf(capacity, leaves, OWN_MEMORY);
  Object.assign(entries, columns);
  entries.capacity = capacity;
  entries.heads.fill(-1);
  for (let counter = oldest; counter !== newest; counter = (counter + 1) | 0) {
    const from = counter & (old.capacity - 1);
    const to = counter & (capacity - 1);
    for (const column of BY_ENTRY) entries[column][to] = old[column][from] ?? 0;
    for (const column of BY_LEAF) {
      for (let leaf = 0; leaf < leaves; leaf++)
        entries[column][to * leaves + leaf] = old[column][from * leaves + leaf] ?? 0;
    }
    link(entries, to);
  }
}

/** The first part of columns, which begins where they do. */
function within(columns: EntryColumns, capacity: number, leaves: number): EntryColumns {
  return {
    keyA: columns.keyA.subarray(0, capacity),
    keyB: columns.keyB.subarray(0, capacity),
    loose: columns.loose.subarray(0, capacity),
    meta: columns.meta.subarray(0, capacity),
    destination: columns.destination.subarray(0, capacity),
    opened: columns.opened.subarray(0, capacity),
    first: columns.first.subarray(0, capacity),
    last: columns.last.subarray(0, capacity),
    distinct: columns.distinct.subarray(0, capacity),
    flags: columns.flags.subarray(0, capacity),
    copies: columns.copies.subarray(0, capacity * leaves),
    times: columns.times.subarray(0, capacity * leaves),
    offsets: columns.offsets.subarray(0, capacity * leaves),
    latest: columns.latest.subarray(0, capacity * leaves),
    next: columns.next.subarray(0, capacity),
    heads: columns.heads.subarray(0, 2 * capacity),
  };
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
