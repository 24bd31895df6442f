import type { FastReader } from '../../pcap/fastReader.js';
import { KINDS } from '../../wire/kinds.js';
import type { Columns } from './columns.js';
import type { FieldTables } from './fields.js';
import type { MacTable } from './macTable.js';
import type { Owners } from './owners.js';
import { MOST_HOSTS, PAIRING } from './settings.js';
import { OWN_MEMORY, roomIn, type TableRoom } from './tableRoom.js';

/** What `assembly/index.ts` exports. */
export interface ReaderModule {
  useTables(list: number): void;
  useResult(at: number): void;
  readPcap(
    from: number,
    end: number,
    shift: number,
    written: number,
    aliveNs: number,
    base: number,
    unit: number,
  ): number;
  readPcapng(
    from: number,
    end: number,
    shift: number,
    written: number,
    aliveNs: number,
    base: number,
    perSecond: number,
    plus: number,
  ): number;
}

/** The compiled reader and its memory, in which the columns are, and where chunks are put. */
export interface FastMemory {
  readonly module: ReaderModule;
  readonly buffer: ArrayBufferLike;
  /** From here on it is free and all zero. */
  readonly from: number;
}

/** What a recorder knows beside the columns: its RecorderState. */
export interface FastState {
  readonly baseSeconds: number;
  readonly backwardsNs: number;
  head: number;
  aliveNs: number;
  frames: number;
  readonly background: Float64Array;
  readonly spoke: Uint8Array;
}

/** What the compiled reader shares with a recorder. */
export interface FastTables {
  readonly columns: Columns;
  readonly senders: MacTable;
  /** Null where there are none. */
  readonly leaves: MacTable | null;
  readonly fields: FieldTables;
  readonly families: Uint8Array;
  readonly isAuto: boolean;
  readonly owners: Owners['tables'];
}

/** Most leaves whose table fits the memory beside all else. */
export const MOST_FAST_LEAVES = 0x1000;

/** Where a recorder has its tables. */
export function tableRoom(memory: FastMemory | null): TableRoom {
  return memory === null ? OWN_MEMORY : roomIn(memory.buffer, memory.from);
}

/**
 * Lets compiled code record what is plain, in the recorder's own columns and tables. Frames that need more (an unknown
 * sender, a step back in time, a mirror's packet) it leaves to the recorder.
 * @param isOpen whether the recorder takes frames of the capture's only interface as they are
 */
export function createFastReader(
  { module, buffer }: FastMemory,
  room: TableRoom,
  state: FastState,
  { columns, senders, leaves, fields, families, isAuto, owners }: FastTables,
  isOpen: () => boolean,
): FastReader {
  const ofKinds = (values: Uint8Array): Uint8Array => {
    const table = room.bytes(KINDS.length);
    table.set(values);
    return table;
  };
  const { slots } = senders;
  const addresses = [
    ...[columns.time, columns.offset, columns.keyA, columns.keyB, columns.loose, columns.destination, columns.meta].map(
      ({ byteOffset }) => byteOffset,
    ),
    columns.capacity - 1,
    ...[slots.highs, slots.lows, slots.numbers].map(({ byteOffset }) => byteOffset),
    slots.mask,
    ...(leaves === null
      ? [0, 0, 0, -1]
      : [
          leaves.slots.highs.byteOffset,
          leaves.slots.lows.byteOffset,
          leaves.slots.numbers.byteOffset,
          leaves.slots.mask,
        ]),
    ...[ofKinds(families), ofKinds(fields.sorts), state.background, state.spoke].map(({ byteOffset }) => byteOffset),
    ...[fields.bySender, fields.hops, fields.sums].map(({ byteOffset }) => byteOffset),
    isAuto ? 1 : 0,
    ...[owners.keys, owners.senders].map(({ byteOffset }) => byteOffset),
  ];
  const list = room.words(addresses.length);
  list.set(addresses);
  module.useTables(list.byteOffset);
  const alive = room.numbers(2);
  const counts = new Int32Array(buffer, alive.byteOffset + 8, 2);
  module.useResult(alive.byteOffset);

  function taken(): void {
    const [frames = 0, head = 0] = [counts[0], counts[1]];
    reader.frames = frames;
    if (frames === 0) return;
    state.frames += frames;
    state.head = head;
    state.aliveNs = alive[0] ?? 0;
  }

  const reader: FastReader & { frames: number } = {
    frames: 0,
    holds: (bytes) => bytes.buffer === buffer,
    // Times count from the first frame on; senders that do not fit the table are counted one by one.
    isReady: () =>
      state.baseSeconds >= 0 && state.backwardsNs <= PAIRING.pairNs && senders.size() < MOST_HOSTS && isOpen(),
    pcap({ byteOffset }, at, end, base, unit) {
      const { head, aliveNs, baseSeconds } = state;
      const stop = module.readPcap(
        byteOffset + at,
        byteOffset + end,
        base - byteOffset,
        head,
        aliveNs,
        baseSeconds,
        unit,
      );
      taken();
      return stop - byteOffset;
    },
    pcapng({ byteOffset }, at, end, base, perSecond, offsetSeconds) {
      const { head, aliveNs, baseSeconds } = state;
      const stop = module.readPcapng(
        byteOffset + at,
        byteOffset + end,
        base - byteOffset,
        head,
        aliveNs,
        baseSeconds,
        perSecond,
        offsetSeconds,
      );
      taken();
      return stop - byteOffset;
    },
  };
  return reader;
}
