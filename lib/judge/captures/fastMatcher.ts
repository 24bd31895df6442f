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
import type { Intake } from './intake.js';
import type { LeafClock } from './leafClock.js';
import type { MatcherCounts } from './matcherCounts.js';
import type { SamePorts } from './samePort.js';
import type { SecondCopies } from './secondCopies.js';
import type { Senders } from './senders.js';
import type { SentOnce } from './sentOnce.js';
import { PAIRING } from './settings.js';
import type { TableRoom } from './tableRoom.js';

export interface FastMatcherInput {
  readonly feeds: readonly Feed[];
  readonly clocks: readonly LeafClock[];
  readonly entries: Entries;
  readonly extras: ExtraCopies;
  readonly counts: Pick<MatcherCounts, 'reflected'>;
  readonly tally: ContentTally;
  readonly samePorts: Pick<SamePorts, 'isOpen'>;
  readonly encores: Encores;
  readonly sentOnce: SentOnce;
  readonly arrivals: Arrivals;
  readonly seconds: SecondCopies;
  readonly senders: Senders;
  readonly progress: Progress;
  readonly crossNs: number;
  readonly fromNs: number;
  readonly maxSkewNs: number | undefined;
  readonly closeOldest: () => void;
}

/** The intake, and the closing of what is as it should be, in compiled code, on the matcher's own columns and tables. */
export interface FastMatcher {
  /** Whether all columns are where it can read them. */
  isReady(): boolean;
  readonly take: Intake;
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
  const { feeds, clocks, entries, extras, counts, tally, samePorts, encores, sentOnce, arrivals } = input;
  const { seconds, senders, progress, crossNs, fromNs, maxSkewNs = Infinity, closeOldest } = input;
  if (feeds.some(({ columns }) => columns.time.buffer !== buffer)) return null;
  const duties = room.bytes(0x100);
  for (let info = 0; info < duties.length; info++) {
    const owed = tally.duty(info & KIND_BITS, (info >>> FORM_SHIFT) & FORM_BITS);
    duties[info] = owed === 'replicated' ? REPLICATED : owed === 'single' ? SINGLE : 0;
  }
  const telling = room.bytes(KIND_BITS + 1);
  telling.set(KINDS.map((_, kind) => (isTelling[kind] === true ? 1 : 0)));
  const rows = feeds.map(({ columns: { time, offset, keyA, keyB, loose, destination, meta, capacity } }, leaf) => [
    ...[time, offset, keyA, keyB, loose, destination, meta].map(at),
    capacity - 1,
    senders.maps[leaf]?.byteOffset ?? 0,
  ]);
  const leaves = room.words(rows.flat().length);
  leaves.set(rows.flat());
  /** Whether the oldest entry ended up open because the ring was full; and whether ports are still compared. */
  const signs = room.words(2);
  const addresses = [
    ...[leaves, entries.counters, signs, duties, telling, counts.reflected, tally.sumsAt].map(at),
    tally.sumsAt.length,
    ...[tally.skews.buckets, tally.skews.totals, arrivals.latest, arrivals.filled, seconds.wholes].map(at),
    arrivals.latest.length,
    ...[encores.recent.keyA, encores.recent.keyB, encores.recent.where, encores.recent.when].map(at),
    encores.recent.keyA.length,
    ...[sentOnce.recent.keyA, sentOnce.recent.keyB, sentOnce.recent.where, sentOnce.recent.when].map(at),
    sentOnce.recent.keyA.length,
    ...[sentOnce.offsets, sentOnce.copied, progress.observeFrom].map(at),
    feeds.length,
  ];
  const list = room.words(addresses.length);
  list.set(addresses);
  const limits = room.numbers(6);
  limits.set([crossNs, PAIRING.repeatNs, PAIRING.encoreNs, PAIRING.pairNs, fromNs, maxSkewNs]);
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
  });
  module.useTables(list.byteOffset, limits.byteOffset);

  function look(): void {
    signs[PORTS_OPEN] = samePorts.isOpen() ? 1 : 0;
  }

  function grown(): void {
    places.set(ENTRY_COLUMNS.map((name) => entries[name].byteOffset));
    if (areShared(entries)) module.useEntries(places.byteOffset, entries.capacity);
  }

  look();
  grown();
  return {
    grown,
    isReady: () => areShared(entries),
    take(leaf, untilNs) {
      const feed = feeds[leaf] as Feed;
      if (feed.tail === feed.head) return true;
      const { add, rate, at: pivot } = clocks[leaf] as LeafClock;
      feed.tail = module.take(leaf, feed.tail, feed.head, add, rate, pivot, untilNs);
      feed.release();
      return signs[IS_FULL] === 0;
    },
    expire(beforeNs) {
      module.expire(beforeNs);
    },
  };
}

/** Places in `signs`. */
const IS_FULL = 0;
const PORTS_OPEN = 1;

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
