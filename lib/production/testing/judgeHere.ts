import { BYTES_PER_FRAME, columnsIn } from '../../judge/captures/columns.js';
import { createLocalFeed, type Feed } from '../../judge/captures/feed.js';
import type { Normal } from '../../judge/captures/alike.js';
import type { Declared } from '../../judge/captures/captureClaims.js';
import type { FastMatching } from '../../judge/captures/fastMatching.js';
import { judgeFeeds } from '../../judge/captures/judgeFeeds.js';
import { chooseMirror } from '../../judge/captures/mirrorChoice.js';
import type { Selection } from '../../judge/captures/selection.js';
import { macNumber } from '../../judge/read/macs.js';
import type { Judgement } from '../../judge/types.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import type { Profile } from '../../profile/types.js';
import { compiledFor, fastMemory } from '../compiledReader.js';
import { CHUNK_BYTES } from '../packing.js';

/** Small rings: captures of tests are small. */
const RING = 0x1000;

export interface HereOptions {
  /** None: whoever sends neighbor frames is a host. */
  readonly hosts: readonly string[];
  /** By leaf; where none is said, a mirror is looked into as `everyleaf judge` does. */
  readonly selections?: readonly (Selection | undefined)[];
  readonly declared?: Declared;
  /** MACs of leaves and gateways. */
  readonly gateways?: readonly string[];
  readonly isSharedClock?: boolean;
  /** Frames that a ring holds. */
  readonly ring?: number;
  /** Bytes of a file that are read at once; all unless said otherwise. */
  readonly pieceBytes?: number;
  /** By the compiled reader and matcher where they can, as `everyleaf judge` does; else by those that can do everything. */
  readonly isCompiled?: boolean;
  /** The compiled matcher has left a frame to the other one. */
  readonly onLeft?: () => void;
  readonly profile?: Profile;
}

/** Judges captures of `leaf-a`, `leaf-b` and so on as `everyleaf judge` does, in this thread and without files. */
export function judgeHere(files: readonly Uint8Array[], options: HereOptions): Judgement {
  const { hosts, selections = [] } = options;
  const isAuto = hosts.length === 0;
  const first = judgeOnce(files, options, selections);
  const chosen = first.feeds.map(({ end }, leaf): Selection | undefined => {
    if (selections[leaf] !== undefined) return selections[leaf];
    const choice = end === null ? null : chooseMirror(end, isAuto);
    return choice?.type === 'mirror'
      ? { by: 'session', key: choice.session.key, id: choice.session.id, source: choice.session.source }
      : undefined;
  });
  const second = chosen.every((selection, leaf) => selection === selections[leaf])
    ? first
    : judgeOnce(files, options, chosen);
  // Without what a place of capture alters alike.
  return second.normal === null ? second.judgement : judgeOnce(files, options, chosen, second.normal).judgement;
}

function judgeOnce(
  files: readonly Uint8Array[],
  {
    hosts,
    declared,
    gateways = [],
    isSharedClock = false,
    ring = RING,
    pieceBytes = Infinity,
    isCompiled = false,
    onLeft = () => undefined,
    profile = DEFAULT_PROFILE,
  }: HereOptions,
  selections: readonly (Selection | undefined)[],
  normal?: Normal,
): { readonly judgement: Judgement; readonly feeds: readonly Feed[]; readonly normal: Normal | null } {
  const isAuto = hosts.length === 0;
  const isTagless = normal?.isTagless ?? false;
  const interest = { hosts: hosts.map(macNumber), isAuto, leaves: gateways.map(macNumber), isTagless };
  const compiled = isCompiled ? compiledFor(files.length) : null;
  if (isCompiled && compiled === null) throw new Error('the compiled reader is not there: build first');
  const feeds = files.map((bytes, leaf) => {
    const hopsLess = normal?.hops[leaf];
    const own = hopsLess === undefined ? interest : { ...interest, hopsLess };
    const reader = compiled?.readers[leaf];
    if (reader === undefined) return createLocalFeed(pieces(bytes, pieceBytes), own, ring, selections[leaf]);
    const { buffer } = reader.memory;
    const free = reader.at + ring * BYTES_PER_FRAME;
    const input = new Uint8Array(buffer, free, CHUNK_BYTES);
    return createLocalFeed(copied(bytes, Math.min(CHUNK_BYTES, pieceBytes), input), own, ring, selections[leaf], [], {
      columns: columnsIn(buffer, reader.at, ring),
      memory: fastMemory(reader, free + CHUNK_BYTES),
    });
  });
  const { judgement, normal: next } = judgeFeeds(
    feeds.map((feed, leaf) => {
      const letter = String.fromCharCode(97 + leaf);
      return { name: `leaf-${letter}`, file: `${letter.toUpperCase()}.pcap`, feed };
    }),
    {
      profile,
      names: new Map(),
      isAuto,
      isSharedClock,
      search: null,
      ...(compiled === null ? {} : { matching: counting(compiled.matching, onLeft) }),
      ...(declared === undefined ? {} : { declared }),
      ...(normal === undefined ? {} : { normal, isTagless }),
    },
  );
  return { judgement, feeds, normal: next };
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The same pieces, each put where the last one was. */
function* copied(bytes: Uint8Array, size: number, input: Uint8Array): Generator<Uint8Array> {
  for (const piece of pieces(bytes, size)) {
    input.set(piece);
    yield input.subarray(0, piece.length);
  }
}

function counting(matching: FastMatching, onLeft: () => void): FastMatching {
  return {
    ...matching,
    load: (calls) =>
      matching.load({
        ...calls,
        closeOldest: () => {
          onLeft();
          calls.closeOldest();
        },
      }),
  };
}
