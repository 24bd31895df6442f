import type { CaptureSummary } from '../../pcap/types.js';
import { BYTES_PER_FRAME, columnsIn, type Columns } from './columns.js';
import { LEAST_RECORD } from '../../pcap/limits.js';
import { createChainParser } from '../../pcap/chain.js';
import type { FastMemory } from './fastRecorder.js';
import type { Fields } from './fields.js';
import type { MirrorSession } from './mirrors.js';
import { createRecorder, type Interest, type Recorder, type Seam } from './recorder.js';
import { EVERYTHING, type Selection } from './selection.js';
import { MOST_HOSTS } from './settings.js';

/** What of a capture came in packets that hold frames. */
export interface Encapsulated {
  readonly sessions: readonly MirrorSession[];
  /** Later IP fragments of GRE. */
  readonly fragments: number;
  /** A host spoke outside of them: whoever is named; else whoever sends neighbor frames. */
  readonly hasSpoken: boolean;
  /** Keys of sessions whose packets come from a MAC that also spoke outside of them. */
  readonly outerSpoke: readonly number[];
}

/** What a capture turned out to be, once it has been read to its end. */
export interface FeedEnd {
  readonly summary: CaptureSummary;
  /** Times relative to the feed's base; infinite without frames. */
  readonly firstNs: number;
  readonly lastNs: number;
  readonly background: readonly number[];
  readonly outgoing: number;
  readonly strange: number;
  readonly strangeLink: number;
  readonly selection: Selection;
  /** Frames that were selected, and outermost VLANs; of a selection only. */
  readonly selected: { readonly frames: number; readonly vlans: readonly number[] };
  readonly encapsulated: Encapsulated;
  /** EtherTypes of what is not looked into, and how many frames were inside. */
  readonly sealed: readonly (readonly [etherType: number, frames: number])[];
  /** Frames without the tags that they may have had; with tags; perhaps seen on several interfaces. */
  readonly untold: number;
  readonly tagged: number;
  /** What vantages alter. */
  readonly fields: Fields;
  readonly twins: number;
  /** LACPDUs by content. */
  readonly lacpdus: readonly string[];
  readonly cut: number;
  readonly cutOffset: number;
  readonly strangers: number;
  readonly backwardsNs: number;
  readonly backwardsOffset: number;
  readonly seams: readonly Seam[];
  /**
   * Why the bytes could not be had (a file that vanished, a broken compression), with the offset so far; null = read to
   * the end.
   */
  readonly trouble: string | null;
}

/** The matcher's end of one capture: a ring of columns that somebody fills. */
export interface Feed {
  readonly columns: Columns;
  /** MACs of senders by number - 1. */
  readonly macs: Float64Array;
  /** Seconds since the epoch that times are relative to; -1 before the first frame. */
  baseSeconds: number;
  firstNs: number;
  /** Records there are; a wrapping 32-bit counter like `tail`. */
  head: number;
  /** Records that the matcher has taken. */
  tail: number;
  /** Every frame up to this time is in the ring or was taken. */
  aliveNs: number;
  end: FeedEnd | null;
  /** Blocks until there is more (head, aliveNs or end); must not be called on a full ring. */
  advance(): void;
  /** Gives taken records' room back. */
  release(): void;
}

export const RING_FRAMES = 0x10000;
/** Share of a ring that one step of parsing may fill. */
const STEP_SHARE = 4;

/**
 * Reads a capture on this thread, as far as the matcher wants.
 * @param chunks may give bytes that are valid until the next only; null: the next of several files begins
 * @param files names of the files, where one program wrote several, one after the other
 * @param compiled reads what is plain: its memory, in which the columns are, and should the chunks be
 */
export function createLocalFeed(
  chunks: Iterator<Uint8Array | null>,
  interest: Interest,
  capacity = RING_FRAMES,
  selection: Selection = EVERYTHING,
  files: readonly string[] = [],
  compiled: { readonly columns: Columns; readonly memory: FastMemory } | null = null,
): Feed {
  const columns = compiled?.columns ?? columnsIn(new ArrayBuffer(capacity * BYTES_PER_FRAME), 0, capacity);
  const stepBytes = (capacity / STEP_SHARE) * LEAST_RECORD;
  const macs = new Float64Array(MOST_HOSTS);
  const recorder = createRecorder(columns, macs, interest, () => undefined, selection, compiled?.memory);
  const { sink, state, fast } = recorder;
  const parser = createChainParser(sink, files, fast);
  let rest: Uint8Array = new Uint8Array(0);
  let trouble: string | null = null;

  function more(): boolean {
    if (rest.length > 0) return true;
    try {
      const next = chunks.next();
      if (next.done === true) return false;
      if (next.value === null) parser.next();
      else rest = next.value;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
      return false;
    }
    return true;
  }

  const feed: Feed = {
    columns,
    macs,
    baseSeconds: -1,
    firstNs: Infinity,
    head: 0,
    tail: 0,
    aliveNs: -Infinity,
    end: null,
    advance() {
      if (feed.end !== null) return;
      if (!parser.isDamaged() && more()) {
        const step = rest.subarray(0, stepBytes);
        parser.push(step);
        rest = rest.subarray(step.length);
      } else feed.end = endOf(parser.end(), recorder, selection, trouble);
      feed.baseSeconds = state.baseSeconds;
      feed.firstNs = state.firstNs;
      feed.head = state.head;
      feed.aliveNs = state.aliveNs;
    },
    release: () => undefined,
  };
  return feed;
}

export function endOf(
  summary: CaptureSummary,
  { state, senderOf, macs }: Recorder,
  selection: Selection,
  trouble: string | null,
): FeedEnd {
  const sessions = state.mirrors.sessions();
  const {
    background,
    outgoing,
    strange,
    strangeLink,
    told,
    tagged,
    twins,
    cut,
    cutOffset,
    strangers,
    backwardsNs,
    backwardsOffset,
    seams,
  } = state;
  return {
    summary,
    firstNs: state.firstNs,
    lastNs: state.aliveNs,
    background: [...background],
    outgoing,
    strange,
    strangeLink,
    sealed: [...state.sealed],
    selection,
    selected: { frames: state.selected.frames, vlans: [...state.selected.vlans] },
    encapsulated: {
      sessions,
      fragments: state.mirrors.fragments(),
      hasSpoken: state.spoke.includes(1),
      outerSpoke: sessions
        .filter(({ macHigh, macLow }) => state.spoke[senderOf(macHigh, macLow)] === 1)
        .map(({ key }) => key),
    },
    untold: told > 0 ? 0 : state.untold,
    tagged,
    fields: state.fields.fields(macs),
    twins,
    lacpdus: state.lacpdus.contents(),
    cut,
    cutOffset,
    strangers,
    backwardsNs,
    backwardsOffset,
    seams,
    trouble,
  };
}

/** Records in the ring. */
export function waiting(feed: Feed): number {
  return (feed.head - feed.tail) | 0;
}

/** Records that a full ring holds at least: another step might not fit. */
export function fullFrames(feed: Feed): number {
  return feed.columns.capacity - feed.columns.capacity / STEP_SHARE;
}

export function isFull(feed: Feed): boolean {
  return waiting(feed) >= fullFrames(feed);
}
