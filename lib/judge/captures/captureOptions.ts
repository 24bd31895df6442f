import type { CaptureSummary } from '../../pcap/types.js';
import type { Profile } from '../../profile/types.js';
import type { Excuse } from '../vantage/carried.js';
import type { Judgement } from '../types.js';
import type { Alignment, SampleSets } from './align.js';
import type { Normal } from './alike.js';
import type { Declared } from './captureClaims.js';
import type { Seen } from './contentTally.js';
import type { FastMatching } from './fastMatching.js';
import type { Feed } from './feed.js';

/** A capture and what it is called. */
export interface NamedFeed {
  /** Of the leaf. */
  readonly name: string;
  /** For messages. */
  readonly file: string;
  /** Files that one program wrote one after the other, where nothing says that none between them is missing. */
  readonly parts?: readonly string[];
  readonly feed: Feed;
}

export interface CaptureOptions {
  readonly profile: Profile;
  /** Names by MAC, lower case; for hosts that have one. */
  readonly names: ReadonlyMap<string, string>;
  /** MACs of hosts of which a pass must speak: who asked for them by name. Others that are silent are noted only. */
  readonly asked?: readonly string[];
  /** Whoever sends neighbor frames is a host. */
  readonly isAuto: boolean;
  /** MACs of hosts then, whether they send any or not. */
  readonly known?: ReadonlySet<string>;
  /** All captures were stamped by one clock. */
  readonly isSharedClock: boolean;
  /**
   * Whether the recorders know which MACs are leaves'; where they do not, a frame of a leaf that comes back is a
   * stranger's.
   */
  readonly seeksReflections?: boolean;
  /** One of the captures does not hold tags, and the recorders were told so. */
  readonly isTagless?: boolean;
  /** What was said of the captures, and what a pass must stand for. */
  readonly declared?: Declared;
  /** What the recorders were told to leave out; absent = they were told nothing yet. */
  readonly normal?: Normal;
  /** Samples of a whole capture, for clocks that are far apart; null where captures cannot be read twice. */
  readonly search: ((leaf: number) => SampleSets) | null;
  /** Told of every frame when it is settled; costs time. */
  readonly onSettled?: (seen: Seen) => void;
  /**
   * Frames from here on are judged, those before are seen only: ns since the epoch by each capture's own clock. Absent =
   * all that lie in the time that the captures share.
   */
  readonly judgedFromNs?: readonly bigint[];
  /** Pairs what is plain; the rings of all feeds are in its memory. */
  readonly matching?: FastMatching;
}

/** A judgement of captures, and what whoever draws it needs beside it. */
export interface CaptureJudgement {
  readonly judgement: Judgement;
  /** Who was judged. */
  readonly hosts: readonly { readonly mac: string; readonly name: string }[];
  /** MACs of those of whom a neighbor frame was judged. */
  readonly heard: ReadonlySet<string>;
  /** MACs of those who are no hosts, because they sent no neighbor frame that was judged, and whose data was copied. */
  readonly copied: ReadonlySet<string>;
  /** ns since the epoch of corrected time 0. */
  readonly baseNs: bigint;
  readonly alignments: readonly Alignment[];
  /** Seconds since the epoch that each capture's own times are relative to. */
  readonly baseSeconds: readonly number[];
  /** Which captures have a certificate. */
  readonly valid: readonly boolean[];
  /** What is not judged, though it was seen. */
  readonly excuse: Excuse;
  /**
   * Of which time frames were judged, ns since the epoch by each capture's own clock: from the first, up to before the
   * second. What came later could still get copies. Null where there is no such time.
   */
  readonly judgedNs: { readonly from: readonly bigint[]; readonly to: readonly bigint[] } | null;
  /** What must be left out when the captures are read again, and was not yet; null = nothing. */
  readonly normal: Normal | null;
  /** What the captures said of themselves. */
  readonly summaries: readonly CaptureSummary[];
}
