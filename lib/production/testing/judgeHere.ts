import { createLocalFeed, type Feed } from '../../judge/captures/feed.js';
import type { Normal } from '../../judge/captures/alike.js';
import type { Declared } from '../../judge/captures/captureClaims.js';
import { judgeFeeds } from '../../judge/captures/judgeFeeds.js';
import { chooseMirror } from '../../judge/captures/mirrorChoice.js';
import type { Selection } from '../../judge/captures/selection.js';
import { macNumber } from '../../judge/read/macs.js';
import type { Judgement } from '../../judge/types.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';

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
  { hosts, declared, gateways = [], isSharedClock = false, ring = RING, pieceBytes = Infinity }: HereOptions,
  selections: readonly (Selection | undefined)[],
  normal?: Normal,
): { readonly judgement: Judgement; readonly feeds: readonly Feed[]; readonly normal: Normal | null } {
  const isAuto = hosts.length === 0;
  const isTagless = normal?.isTagless ?? false;
  const interest = { hosts: hosts.map(macNumber), isAuto, leaves: gateways.map(macNumber), isTagless };
  const feeds = files.map((bytes, leaf) => {
    const hopsLess = normal?.hops[leaf];
    const own = hopsLess === undefined ? interest : { ...interest, hopsLess };
    return createLocalFeed(pieces(bytes, pieceBytes), own, ring, selections[leaf]);
  });
  const { judgement, normal: next } = judgeFeeds(
    feeds.map((feed, leaf) => {
      const letter = String.fromCharCode(97 + leaf);
      return { name: `leaf-${letter}`, file: `${letter.toUpperCase()}.pcap`, feed };
    }),
    {
      profile: DEFAULT_PROFILE,
      names: new Map(),
      isAuto,
      isSharedClock,
      search: null,
      ...(declared === undefined ? {} : { declared }),
      ...(normal === undefined ? {} : { normal, isTagless }),
    },
  );
  return { judgement, feeds, normal: next };
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
