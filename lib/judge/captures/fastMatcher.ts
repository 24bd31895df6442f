import { KINDS } from '../../wire/kinds.js';
import type { Arrivals } from './arrivals.js';
import type { Progress } from './closing.js';
import { FORM_BITS, FORM_SHIFT, KIND_BITS } from './columns.js';
import type { ContentTally } from './contentTally.js';
import { isTelling, type Encores } from './encores.js';
import { areShared, type Entries } from './entries.js';
import type { ExtraCopies } from './extraCopies.js';
import type { FastMatching } from './fastMatching.js';
import type { Feed } from './feed.js';
import { BLOCK, BLOCK_LEAST, BLOCK_NS, OBSERVE_NS, type LeafClock } from './leafClock.js';
import type { MatcherCounts } from './matcherCounts.js';
import type { Orphans } from './orphans.js';
import type { SamePorts } from './samePort.js';
import type { SecondCopies } from './secondCopies.js';
import type { Senders } from './senders.js';
import type { Retagged } from './retagged.js';
import type { SentOnce } from './sentOnce.js';
import { PAIRING } from './settings.js';
import type { TableRoom } from './tableRoom.js';

export interface FastMatcherInput {
  readonly feeds: readonly Feed[];
  readonly clocks: readonly LeafClock[];
  readonly reference: number;
  readonly entries: Entries;
  readonly extras: ExtraCopies;
  readonly counts: Pick<MatcherCounts, 'reflected'>;
  readonly tally: ContentTally;
  readonly samePorts: Pick<SamePorts, 'isOpen'>;
  readonly encores: Encores;
  readonly retagged: Pick<Retagged, 'tables'>;
  readonly sentOnce: SentOnce;
  readonly arrivals: Arrivals;
  readonly seconds: SecondCopies;
  readonly senders: Senders;
  readonly progress: Progress;
  readonly orphans: Pick<Orphans, 'expire' | 'waiting'>;
  readonly sliceNs: number;
  readonly crossNs: number;
  readonly fromNs: number;
  readonly maxSkewNs: number | undefined;
  readonly closeOldest: () => void;
  readonly makeRoom: () => void;
}

/** The intake, and the closing of what is as it should be, in compiled code, on the matcher's own columns and tables. */
export interface FastMatcher {
  /** Whether all columns are where it can read them. */
  isReady(): boolean;
  /**
   * Takes in and closes whole slices up to a corrected time. Returns where a slice ends that it could not finish, as it
   * is no longer ready; else infinity.
   */
  run(lastNs: number): number;
  /** Takes in what came up to a corrected time, and closes what gets no more copies; false where it could not finish. */
  step(untilNs: number): boolean;
  /** Closes entries that were opened before a corrected time. */
  expire(beforeNs: number): void;
  /** The ring of entries has grown. */
  grown(): void;
}

const at = ({ byteOffset }: { readonly byteOffset: number }): number => byteOffset;

/** Codes of what is owed, by kind and tags as they stand in `meta`; all but the first two are left to the closing. */
const REPLICATED = 1;
const SINGLE = 2;

/** Null where the rings are not in its memory. */
export function createFastMatcher(
  { buffer, load }: FastMatching,
  room: TableRoom,
  input: FastMatcherInput,
): FastMatcher | null {
  const { feeds, clocks, reference, entries, extras, counts, tally, samePorts, encores, sentOnce, arrivals } = input;
  const { seconds, senders, progress, orphans, sliceNs, crossNs, fromNs, maxSkewNs = Infinity } = input;
  const { closeOldest, makeRoom } = input;
  const again = input.retagged.tables;
  if (feeds.some(({ columns }) => columns.time.buffer !== buffer)) return null;
  const duties = room.bytes(0x100);
  for (let info = 0; info < duties.length; info++) {
    const owed = tally.duty(info & KIND_BITS, (info >>> FORM_SHIFT) & FORM_BITS);
    duties[info] = owed === 'replicated' ? REPLICATED : owed === 'single' ? SINGLE : 0;
  }
  const telling = room.bytes(KIND_BITS + 1);
  telling.set(KINDS.map((_, kind) => (isTelling[kind] === true ? 1 : 0)));
  const followed = clocks.map((clock) => clock.moveTo(room));
  const rows = feeds.map(({ columns: { time, offset, keyA, keyB, loose, destination, meta, capacity } }, leaf) => {
    const { line, pending = null } = followed[leaf] ?? {};
    return [
      ...[time, offset, keyA, keyB, loose, destination, meta].map(at),
      capacity - 1,
      senders.maps[leaf]?.byteOffset ?? 0,
      line?.byteOffset ?? 0,
      ...(pending === null ? [0, 0, 0] : [pending.residuals, pending.count, pending.since].map(at)),
    ];
  });
  const leaves = room.words(rows.flat().length);
  leaves.set(rows.flat());
  /** Of each ring: records that were taken, and such as there are. */
  const turns = room.words(2 * feeds.length);
  /** Whether all columns are in this memory, whether ports are still compared, and whether orphans wait. */
  const signs = room.words(3);
  const addresses = [
    ...[leaves, entries.counters, signs, duties, telling, counts.reflected, tally.sumsAt].map(at),
    tally.sumsAt.length,
    ...[tally.skews.buckets, tally.skews.totals, arrivals.wholeTimes, arrivals.wholeCount, seconds.wholes].map(at),
    arrivals.wholeTimes.length,
    ...[encores.recent.keyA, encores.recent.keyB, encores.recent.where, encores.recent.when].map(at),
    encores.recent.keyA.length,
    ...[sentOnce.recent.keyA, sentOnce.recent.keyB, sentOnce.recent.where, sentOnce.recent.when].map(at),
    sentOnce.recent.keyA.length,
    ...[sentOnce.offsets, sentOnce.copied, progress.observeFrom].map(at),
    feeds.length,
    turns.byteOffset,
    ...[reference, BLOCK, BLOCK_LEAST],
    sentOnce.exact.byteOffset,
    ...[again.keyA, again.keyB, again.destination, again.who, again.when].map(at),
    again.keyA.length,
    sentOnce.to.byteOffset,
  ];
  const list = room.words(addresses.length);
  list.set(addresses);
  const { repeatNs, encoreNs, pairNs } = PAIRING;
  const bounds = [
    crossNs,
    repeatNs,
    encoreNs,
    pairNs,
    fromNs,
    maxSkewNs,
    sliceNs,
    OBSERVE_NS,
    BLOCK_NS,
    PAIRING.lateNs,
  ];
  const limits = room.numbers(bounds.length);
  limits.set(bounds);
  const places = room.words(ENTRY_COLUMNS.length);
  const module = load({
    noteExtra: (place, leaf, ns, offset) => {
      extras.note(place, { leaf, ns, offset });
    },
    numberOf: (leaf, own) => senders.numberOf(leaf, own),
    closeOldest: () => {
      closeOldest();
      look();
    },
    makeRoom,
    expireOrphans: (beforeNs) => {
      orphans.expire(beforeNs);
      look();
    },
    correct: (leaf, ns) => {
      followed[leaf]?.correct(ns);
    },
  });
  module.useTables(list.byteOffset, limits.byteOffset);

  function look(): void {
    signs[PORTS_OPEN] = samePorts.isOpen() ? 1 : 0;
    signs[ORPHANS_WAIT] = orphans.waiting() > 0 ? 1 : 0;
  }

  function grown(): void {
    signs[IS_READY] = areShared(entries) ? 1 : 0;
    places.set(ENTRY_COLUMNS.map((name) => entries[name].byteOffset));
    if (signs[IS_READY] !== 0) module.useEntries(places.byteOffset, entries.capacity);
  }

  /** Lets it take records of all rings. */
  function taking<T>(act: () => T): T {
    feeds.forEach(({ tail, head }, leaf) => {
      turns.set([tail, head], 2 * leaf);
    });
    look();
    const result = act();
    feeds.forEach((feed, leaf) => {
      feed.tail = turns[2 * leaf] as number;
      feed.release();
    });
    return result;
  }

  grown();
  return {
    grown,
    isReady: () => signs[IS_READY] !== 0,
    run: (lastNs) => taking(() => module.run(lastNs)),
    step: (untilNs) => taking(() => module.step(untilNs)) !== 0,
    expire(beforeNs) {
      look();
      module.expire(beforeNs);
    },
  };
}

/** Places in `signs`. */
const IS_READY = 0;
const PORTS_OPEN = 1;
const ORPHANS_WAIT = 2;

/** In the order in which `useEntries` takes them. */
const ENTRY_COLUMNS = [
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
  'copies',
  'times',
  'offsets',
  'latest',
  'next',
  'heads',
] as const;
