import type { Profile } from '../../profile/types.js';
import { macText } from '../read/macs.js';
import { copiesIn } from '../read/sightingBits.js';
import { excuses, UNDECLARED } from '../vantage/vantages.js';
import type { Sender } from '../tell/claim.js';
import { createApart, type Apart } from './apart.js';
import { createArrivals, type Arrivals } from './arrivals.js';
import { NOTHING_DECLARED, vantagesOf } from './captureClaims.js';
import type { CaptureOptions, NamedFeed } from './captureOptions.js';
import { createBetween, type Between } from './between.js';
import { createClockSteps, type ClockStep } from './clockSteps.js';
import type { CommonTime } from './commonTime.js';
import { createContentTally, type ContentTally } from './contentTally.js';
import type { DataDoubts } from './dataDoubts.js';
import type { Disguises } from './disguises.js';
import { drive } from './drive.js';
import { createEncores, type Encores } from './encores.js';
import type { LateData } from './lateData.js';
import type { Malformed } from './malformed.js';
import { createMatcher } from './matcher.js';
import type { MatcherCounts } from './matcherCounts.js';
import { ownVantage } from './ownVantage.js';
import type { Retagged } from './retagged.js';
import { createSamePorts, type SamePorts } from './samePort.js';
import { createSenders } from './senders.js';
import { OWN_MEMORY, roomIn } from './tableRoom.js';
import { createUnjudged, type Unjudged } from './unjudged.js';
import { createUnshared, type Unshared } from './unshared.js';

/** What all captures held, each frame put to its copies. */
export interface Pairing {
  readonly tally: ContentTally;
  readonly samePorts: SamePorts;
  readonly encores: Encores;
  readonly retagged: Retagged;
  readonly malformed: Malformed;
  readonly doubts: DataDoubts;
  readonly disguises: Disguises;
  readonly lateData: LateData;
  readonly unjudged: Unjudged;
  readonly arrivals: Arrivals;
  /** Where clocks are doubtful. */
  readonly apart: Apart | null;
  /** Clocks that were set while they captured. */
  readonly steps: readonly ClockStep[];
  readonly between: Between;
  readonly unshared: Unshared;
  readonly counts: MatcherCounts;
  /** Where the first sound capture ended, common time. */
  readonly endNs: number;
  /** By number; 0 is nobody. */
  readonly senders: readonly Sender[];
  /** Numbers of those who sent neighbor frames. */
  readonly speakers: ReadonlySet<number>;
  readonly isHost: (sender: number) => boolean;
  /** MACs of senders that are no hosts and whose data was on several leaves. */
  readonly copied: ReadonlySet<string>;
}

/** Reads the captures to their ends. Blocks where a feed does. */
export function pairFrames(
  captures: readonly NamedFeed[],
  { reference, alignments, clocks, corrected, isDoubtful, crossNs, fromNs }: CommonTime,
  {
    profile,
    names,
    isAuto,
    known,
    isSharedClock,
    isTagless = false,
    normal,
    declared = NOTHING_DECLARED,
    onSettled,
    matching,
  }: PairingOptions,
): Pairing {
  const feeds = captures.map(({ feed }) => feed);
  const leaves = feeds.length;
  // Frames that are told to someone, or laid on clocks that are not known, are paired one by one.
  const fast = matching === undefined || onSettled !== undefined || isDoubtful ? null : matching;
  const room = fast === null ? OWN_MEMORY : roomIn(fast.buffer, fast.from);
  const tally = createContentTally(profile, leaves, room);
  const numbers = createSenders(feeds, room);
  const samePorts = createSamePorts(leaves, isSharedClock);
  const encores = createEncores(room);
  const unjudged = createUnjudged(leaves);
  const arrivals = createArrivals(room);
  const apart = isDoubtful ? createApart(alignments.map((alignment) => alignment.how !== 'assumed')) : null;
  const steps = createClockSteps(leaves);
  const unshared = createUnshared(leaves);
  const between = createBetween(
    captures.map(({ parts }) => parts !== undefined),
    (leaf) =>
      (feeds[leaf]?.end?.seams ?? []).map(({ file, fromNs, toNs }) => ({
        file,
        fromNs: corrected(leaf, fromNs),
        toNs: corrected(leaf, toNs),
      })),
  );
  const matcher = createMatcher({
    feeds,
    clocks,
    reference,
    samePorts,
    encores,
    unjudged,
    arrivals,
    apart,
    steps,
    between,
    unshared,
    muted: alignments.map((alignment) => alignment.isContradicted),
    tally,
    crossNs,
    isTagless: isTagless || normal?.isTagless === true,
    fromNs,
    maxSkewNs: profile.maxSkewNs,
    mayShowSecond(leaf) {
      const { name = '', feed } = captures[leaf] ?? {};
      const [vantage = UNDECLARED] = vantagesOf([name], declared.vantages, [ownVantage(feed?.end ?? null)]);
      return vantage.name === null || excuses(vantage, 'once', false);
    },
    senders: numbers,
    room,
    fast,
    ...(onSettled === undefined ? {} : { onSettled }),
  });
  const endNs = drive(feeds, matcher, corrected);
  matcher.finish(endNs);
  const speakers = tally.neighborSenders();
  const senders: readonly Sender[] = [
    { name: 'nobody', mac: null },
    ...numbers.macs().map((mac) => ({ name: names.get(macText(mac)) ?? macText(mac), mac: macText(mac) })),
  ];
  const isHost = (sender: number): boolean =>
    !isAuto || speakers.has(sender) || known?.has(senders[sender]?.mac ?? '') === true;
  const copied = copiersIn(tally, senders, isHost);
  tally.finish(isHost);
  const { counts } = matcher;
  return {
    tally,
    samePorts,
    encores,
    retagged: matcher.retagged,
    malformed: matcher.malformed,
    doubts: matcher.doubts,
    disguises: matcher.disguises,
    lateData: matcher.lateData,
    unjudged,
    arrivals,
    apart,
    // One clock that was set moves all captures alike.
    steps: isSharedClock ? [] : steps.found(() => arrivals.wholes()),
    between,
    unshared,
    counts,
    endNs,
    senders,
    speakers,
    isHost,
    copied,
  };
}

function copiersIn(
  { tally }: ContentTally,
  senders: readonly Sender[],
  isHost: (sender: number) => boolean,
): ReadonlySet<string> {
  return new Set(
    tally
      .patterns()
      .filter(
        ({ sender, owed, words }) =>
          owed === 'single' && !isHost(sender) && words.filter((word) => copiesIn(word) > 0).length > 1,
      )
      .flatMap(({ sender }) => senders[sender]?.mac ?? []),
  );
}

interface PairingOptions extends Pick<
  CaptureOptions,
  'names' | 'declared' | 'isAuto' | 'known' | 'isSharedClock' | 'isTagless' | 'normal' | 'onSettled' | 'matching'
> {
  readonly profile: Profile;
}
