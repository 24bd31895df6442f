import { dutyOf, formOf } from '../../profile/duty.js';
import type { CaptureSummary } from '../../pcap/types.js';
import type { Profile } from '../../profile/types.js';
import { KINDS } from '../../wire/kinds.js';
import type { Sender } from '../tell/claim.js';
import { conclude, type Conclusion } from '../tell/conclude.js';
import { macText } from '../read/macs.js';
import { settleCarried, type Excuse } from '../vantage/carried.js';
import { ownVantage } from './ownVantage.js';
import type { Certificate, ClockEstimate, Delivery, Finding, Judgement } from '../types.js';
import { ALTERED, copiesIn } from '../read/sightingBits.js';
import { align, fillRings, type Alignment, type SampleSets } from './align.js';
import { alikeFindings, alikeIn, alikeProblems, type Normal } from './alike.js';
import { createApart } from './apart.js';
import { createArrivals, type Arrivals } from './arrivals.js';
import { burstFindings } from './burstFindings.js';
import { captureCertificate, captureProblems, clockProblems } from './captureCertificate.js';
import { captureBackground, captureFindings, problemFindings } from './captureFindings.js';
import { claimsOf, NOTHING_DECLARED, vantagesOf, type Claims, type Declared } from './captureClaims.js';
import { claimsJudged, demandFindings, takenNotes, withoutUncarried } from './claimFindings.js';
import { createContentTally, type ContentTally, type Example, type Seen } from './contentTally.js';
import { drive } from './drive.js';
import { createEncores } from './encores.js';
import type { Feed } from './feed.js';
import type { LeafClock } from './leafClock.js';
import { mirrorNotes } from './mirrorProblems.js';
import { createMatcher } from './matcher.js';
import { policedBy, type Policed } from './policer.js';
import { createSamePorts, lacpProblems, onePortOf } from './samePort.js';
import { createSenders } from './senders.js';
import { PAIRING } from './settings.js';
import { createUnjudged, type Unjudged } from './unjudged.js';

/** A capture and what it is called. */
export interface NamedFeed {
  /** Of the leaf. */
  readonly name: string;
  /** For messages. */
  readonly file: string;
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
}

/** A judgement of captures, and what whoever draws it needs beside it. */
export interface CaptureJudgement {
  readonly judgement: Judgement;
  /** Who was judged. */
  readonly hosts: readonly { readonly mac: string; readonly name: string }[];
  /** ns since the epoch of corrected time 0. */
  readonly baseNs: bigint;
  readonly alignments: readonly Alignment[];
  /** Seconds since the epoch that each capture's own times are relative to. */
  readonly baseSeconds: readonly number[];
  /** Which captures have a certificate. */
  readonly valid: readonly boolean[];
  /** What is not judged, though it was seen. */
  readonly excuse: Excuse;
  /** What must be left out when the captures are read again, and was not yet; null = nothing. */
  readonly normal: Normal | null;
  /** What the captures said of themselves. */
  readonly summaries: readonly CaptureSummary[];
}

const NO_NEIGHBOR_FRAME: Finding = {
  property: 'validity',
  signature: 'nothing-judged',
  verdict: 'inconclusive',
  count: 0,
  probes: [],
  sentence:
    'No neighbor frame of these hosts lies far enough inside the time that all captures share, so nothing is known about them: capture for longer.',
};

const NO_REFLECTIONS_SOUGHT: Finding = {
  property: 'P5',
  signature: 'reflection',
  verdict: 'note',
  count: 0,
  probes: [],
  sentence:
    'Whether frames of one leaf came back to a leaf was not looked for: captures of received frames show it when --gateway names the leaves.',
};

const SKEW_NOT_JUDGED: Finding = {
  property: 'validity',
  signature: 'skew',
  verdict: 'note',
  count: 0,
  probes: [],
  sentence: 'How far copies came apart was not judged: where clocks are not known, it may be the clocks.',
};

/** Judges captures that were taken anywhere. Synchronous; blocks where a feed does. */
export function judgeFeeds(captures: readonly NamedFeed[], options: CaptureOptions): CaptureJudgement {
  const { profile } = options;
  const feeds = captures.map((capture) => capture.feed);
  const leaves = captures.map((capture) => capture.name);
  fillRings(feeds);
  const { reference, alignments } = align(
    feeds,
    options.isSharedClock,
    options.search,
    options.onSettled !== undefined,
  );
  const clocks = alignments.map((alignment) => alignment.clock);
  const corrected = (leaf: number, own: number): number => {
    const clock = clocks[leaf];
    return clock === undefined ? own : own + clock.add + clock.rate * (own - clock.at);
  };
  /** Whether a clock was measured to be right to the nanosecond, or not measured. */
  const isAsItStood = (leaf: number): boolean => {
    const { add = 0, rate = 0 } = clocks[leaf] ?? {};
    const asItStands = ((feeds[leaf]?.baseSeconds ?? 0) - (feeds[reference]?.baseSeconds ?? 0)) * 1e9;
    return Math.abs(add - asItStands) < 1 && Math.abs(rate * (endNs - startNs)) < 1;
  };
  // Where a frame could be taken for the copy of another one, clocks that are not known are trusted no further than
  // that.
  const isDoubtful = alignments.some(
    (alignment) => alignment.how === 'assumed' && !alignment.isAlone && !alignment.isContradicted,
  );
  const crossNs = isDoubtful ? PAIRING.assumedNs : PAIRING.copyNs;
  const startNs = Math.max(
    ...feeds.map((feed, leaf) => (feed.firstNs === Infinity ? -Infinity : corrected(leaf, feed.firstNs))),
  );
  const clockAtStart = feeds.map((_feed, leaf) => offsetAt(feeds[leaf], feeds[reference], clocks[leaf], startNs));
  const tally = createContentTally(profile, leaves.length);
  const senders = createSenders(feeds);
  const samePorts = createSamePorts(leaves.length, options.isSharedClock);
  const encores = createEncores();
  const unjudged = createUnjudged(leaves.length);
  const arrivals = createArrivals();
  const apart = isDoubtful ? createApart(alignments.map((alignment) => alignment.how !== 'assumed')) : null;
  const matcher = createMatcher({
    feeds,
    clocks,
    reference,
    samePorts,
    encores,
    unjudged,
    arrivals,
    apart,
    muted: alignments.map((alignment) => alignment.isContradicted),
    tally,
    crossNs,
    fromNs: startNs + Math.max(PAIRING.pairNs, crossNs),
    maxSkewNs: profile.maxSkewNs,
    senderOf: (leaf, own) => senders.numberOf(leaf, own),
    ...(options.onSettled === undefined ? {} : { onSettled: options.onSettled }),
  });
  const endNs = drive(feeds, matcher, corrected);
  matcher.finish(endNs);

  const speakers = tally.neighborSenders();
  const isHost = (sender: number): boolean => !options.isAuto || speakers.has(sender);
  tally.finish(isHost);
  const spans = feeds.map((feed, leaf) => ({
    fromNs: corrected(leaf, feed.firstNs),
    toNs: corrected(leaf, feed.aliveNs),
  }));
  const named: readonly Sender[] = [
    { name: 'nobody', mac: null },
    ...senders.macs().map((mac) => ({ name: options.names.get(macText(mac)) ?? macText(mac), mac: macText(mac) })),
  ];
  const onePort = onePortOf(
    leaves,
    samePorts.pairs((one, other) => isAsItStood(one) && isAsItStood(other)),
  );
  const declared = options.declared ?? NOTHING_DECLARED;
  const vantages = vantagesOf(
    leaves,
    declared.vantages,
    feeds.map((feed) => ownVantage(feed.end)),
  );
  const fields = feeds.map((feed) => feed.end?.fields);
  const hasTags = options.isTagless !== true && feeds.every((feed) => (feed.end?.untold ?? 0) === 0);
  const alike = alikeIn({ leaves, fields, vantages, hasTags, isDutyWithoutTags: isDutyWithoutTags(profile) });
  const ofLacp = lacpProblems(captures);
  const problems = captures.map(({ file, feed }, leaf) => [
    ...captureProblems(file, feed, feed.end?.summary.frames ?? 0, options.isTagless ?? false, options.isAuto),
    ...clockProblems(file, alignments[leaf]),
    ...(options.normal === undefined ? alikeProblems(alike, leaf) : []),
    // Said already by the stamps.
    ...(onePort.isOf(leaf) ? [] : (ofLacp[leaf] ?? [])),
  ]);
  const valid = problems.map((list, leaf) => list.length === 0 && !onePort.isOf(leaf));
  const baseNs = epochNs(feeds[reference]);
  const text = (ns: number): string => String(baseNs + BigInt(Math.round(ns)));
  const { counts } = matcher;
  const heard = new Set(senders.macs().flatMap((mac, at) => (speakers.has(at + 1) ? [macText(mac)] : [])));
  const passedOver = new Map(
    senders.macs().flatMap((mac, at) => (unjudged.senders().has(at + 1) ? [[macText(mac), at + 1] as const] : [])),
  );
  const ofEncores = encores.findings(
    (sender, kind) => tally.delivered(sender, kind),
    isHost,
    (sender) => named[sender]?.name ?? '',
  );
  const found = onePort.isEverywhere
    ? [...onePort.findings, ...problemFindings(leaves, problems)]
    : [
        ...onePort.findings,
        ...captureFindings({ leaves, feeds, problems, alignments, counts, valid, spans, startNs, endNs }),
        ...mirrorNotes(leaves, feeds),
        ...(options.normal === undefined ? [] : alikeFindings(alike, leaves, fields)),
        ...ofEncores,
        ...burstFindings(counts.bursts, isHost, (sender) => named[sender]?.name ?? ''),
        ...(isDoubtful && profile.maxSkewNs !== undefined ? [SKEW_NOT_JUDGED] : []),
        ...(apart?.findings(leaves, endNs - startNs) ?? []),
        ...(valid.every(Boolean) && endNs > startNs
          ? silentFindings(options, leaves, heard, passedOver, unjudged)
          : []),
        ...(options.isAuto && heard.size === 0 && passedOver.size > 0
          ? [
              unjudged.finding([...passedOver.values()], 'any host', {
                leaves,
                profile: profile.name,
                verdict: 'inconclusive',
              }),
            ]
          : []),
        ...(options.seeksReflections === false ? [NO_REFLECTIONS_SOUGHT] : []),
      ];
  const claims = claimsOf({
    ...declared,
    vantages,
    leaves,
    patterns: tally.tally.patterns(),
    examples: tally.examples,
    altered: alike.altered,
    policed: leaves.map((_, leaf) => policedOn(leaf, arrivals, tally)),
    isTagless: options.isTagless ?? false,
    showsTags: feeds.map((feed) => (feed.end?.fields.hosts ?? []).some(({ neighbors }) => neighbors.tagged > 0)),
    isClockDoubtful: isDoubtful,
    seeksReflections: options.seeksReflections ?? true,
  });
  const concludeWith = (extra: readonly Finding[]) =>
    conclude({
      tally: tally.tally,
      valid,
      silent: profile.deadLegMustBeSilent,
      reflected: onePort.isEverywhere ? 0 : counts.reflected.reduce((sum, n) => sum + n, 0),
      extra: [...extra],
      context: { leaves, senders: named, lateNs: PAIRING.pairNs, maxSkewNs: profile.maxSkewNs },
      excuse: claims.excuse,
    });
  const carried = withoutUncarried(found, leaves, claims);
  const { taken } = concludeWith(carried);
  // Where nothing can be judged, what was demanded adds nothing.
  const isJudged = valid.every(Boolean) && endNs > startNs;
  const all = [
    ...carried,
    ...takenNotes(leaves, taken, claims),
    ...(isJudged ? demandFindings(leaves, claims, taken) : []),
  ];
  const first = concludeWith(all);
  // Data that was sent once answers no question about neighbor frames.
  const conclusion =
    first.verdict === 'pass' && first.totals.probes === 0 ? concludeWith([...all, NO_NEIGHBOR_FRAME]) : first;
  const deliveries = tally.examples
    .filter(({ seen }) => isHost(seen.sender))
    .map((example) => deliveryOf(example, leaves, valid, named, profile, text, claims.excuse));
  return {
    baseNs,
    excuse: claims.excuse,
    normal: options.normal === undefined ? alike.normal : null,
    alignments,
    baseSeconds: feeds.map((feed) => Math.max(0, feed.baseSeconds)),
    valid,
    summaries: feeds.flatMap((feed) => (feed.end === null ? [] : [feed.end.summary])),
    hosts: named
      .flatMap(({ name, mac }, sender) => (mac !== null && isHost(sender) ? [{ mac, name }] : []))
      .sort((a, b) => (a.mac < b.mac ? -1 : 1)),
    judgement: {
      verdict: conclusion.verdict,
      profile: profile.name,
      leaves,
      window:
        endNs > startNs && Number.isFinite(startNs) && Number.isFinite(endNs)
          ? { fromNs: text(startNs), toNs: text(endNs) }
          : { fromNs: '0', toNs: '0' },
      totals: conclusion.totals,
      byLeaf: conclusion.byLeaf,
      kinds: conclusion.kinds,
      matrix: conclusion.matrix,
      skew: tally.skews.result(),
      ...(isClaimed(claims, conclusion) ? { claims: claimsJudged(leaves, claims) } : {}),
      clock: Object.fromEntries(
        leaves.flatMap((leaf, i): [string, ClockEstimate][] => {
          const alignment = alignments[i];
          if (alignment?.how !== 'measured') return [];
          return [
            [
              leaf,
              {
                offsetNs: String(clockAtStart[i] ?? 0n),
                driftPpm: Math.round(alignment.clock.drift() * 1e9) / 1e3,
                errorNs: String(alignment.clock.errorNs()),
                ...(reference === 0 ? {} : { against: leaves[reference] ?? '' }),
              },
            ],
          ];
        }),
      ),
      certificates: Object.fromEntries(
        captures.map(({ name, feed }, i): [string, Certificate] => {
          const ownNs = epochNs(feed);
          return [
            name,
            captureCertificate(feed, problems[i] ?? [], onePort.isOf(i), (ns) =>
              String(ownNs + BigInt(Math.round(ns))),
            ),
          ];
        }),
      ),
      findings: conclusion.findings,
      reasons: conclusion.reasons,
      deliveries: deliveries.filter((delivery) => delivery.verdict !== 'pass'),
      background: captureBackground(leaves, feeds, counts),
    },
  };
}

/** A pass without data says so; else claims are told where somebody, or something, made a difference. */
function isClaimed(claims: Claims, { verdict, totals }: Conclusion): boolean {
  return claims.isSaid || (verdict === 'pass' && totals.dataFrames === 0);
}

function policedOn(leaf: number, arrivals: Arrivals, tally: ContentTally): Policed | null {
  const offered = arrivals.of(leaf);
  if (offered === null) return null;
  const families = { arp: 0, nd: 0 };
  for (const { owed, kind, words, weight } of tally.tally.patterns())
    if (owed === 'replicated' && copiesIn(words[leaf] ?? 0) > 0)
      families[KINDS[kind]?.family === 'arp' ? 'arp' : 'nd'] += weight;
  return policedBy(offered, (sender, kind) => tally.delivered(sender, kind), families);
}

/** What is due does not depend on a single tag. */
function isDutyWithoutTags(profile: Profile): boolean {
  return KINDS.every(({ id }) => dutyOf(profile, id, 'untagged') === dutyOf(profile, id, 'tagged'));
}

/** Most hosts that a sentence names. */
const NAMED = 5;

/** Hosts of which nothing was heard, or nothing that is judged: no pass may be taken for theirs. */
function silentFindings(
  { asked = [], names, profile }: CaptureOptions,
  leaves: readonly string[],
  heard: ReadonlySet<string>,
  passedOver: ReadonlyMap<string, number>,
  unjudged: Unjudged,
): Finding[] {
  const silent = [...new Set([...asked, ...names.keys()])].filter((mac) => !heard.has(mac));
  const whoAre = (macs: readonly string[]): string =>
    `${macs
      .slice(0, NAMED)
      .map((mac) => names.get(mac) ?? mac)
      .join(', ')}${macs.length > NAMED ? ` and ${macs.length - NAMED} more` : ''}`;
  const finding = (missed: readonly string[], verdict: 'inconclusive' | 'note'): Finding[] => {
    const macs = missed.filter((mac) => !passedOver.has(mac));
    const seen = missed.filter((mac) => passedOver.has(mac));
    // Where nothing else was heard, nothing is known about any of them.
    const context = { leaves, profile: profile.name, verdict: heard.size === 0 ? ('inconclusive' as const) : verdict };
    const ofSeen =
      seen.length === 0
        ? []
        : [
            unjudged.finding(
              seen.flatMap((mac) => passedOver.get(mac) ?? []),
              whoAre(seen),
              context,
            ),
          ];
    if (macs.length === 0) return ofSeen;
    const who = whoAre(macs);
    return [
      ...ofSeen,
      {
        property: 'validity',
        signature: 'nothing-judged',
        verdict,
        count: macs.length,
        probes: [],
        sentence: `No neighbor frame of ${who} was on any capture, in the time that all of them share: nothing is known about ${macs.length === 1 ? 'it' : 'them'}.`,
      },
    ];
  };
  return [
    ...finding(
      silent.filter((mac) => asked.includes(mac)),
      'inconclusive',
    ),
    ...finding(
      silent.filter((mac) => !asked.includes(mac)),
      'note',
    ),
  ];
}

function deliveryOf(
  { pattern, name, seen }: Example,
  leaves: readonly string[],
  valid: readonly boolean[],
  senders: readonly Sender[],
  profile: Profile,
  text: (ns: number) => string,
  excuse: Excuse,
): Delivery {
  const { outcomes, verdict } = settleCarried(pattern, valid, profile.deadLegMustBeSilent, excuse).settled;
  return {
    probe: name,
    kind: (KINDS[seen.kind] ?? KINDS[0]).id,
    sender: senders[seen.sender]?.name ?? '',
    group: 'capture',
    form: formOf(seen.tags),
    duty: pattern.owed === 'never' ? 'unjudged' : pattern.owed,
    sentNs: text(seen.firstNs),
    verdict,
    leaves: Object.fromEntries(
      leaves.map((leaf, i) => {
        const word = seen.words[i] ?? 0;
        const differences = (word & ALTERED) === 0 ? [] : ['differs from the copy on another leaf'];
        return [
          leaf,
          {
            outcome: outcomes[i] ?? 'unknown',
            copies:
              copiesIn(word) === 0
                ? []
                : [{ tNs: text(seen.times[i] ?? 0), offset: seen.offsets[i] ?? 0, differences }],
          },
        ];
      }),
    ),
    skewNs: seen.words.filter((word) => copiesIn(word) > 0).length < 2 ? null : Math.round(seen.lastNs - seen.firstNs),
  };
}

function epochNs(feed: Feed | undefined): bigint {
  return BigInt(Math.max(0, feed?.baseSeconds ?? 0)) * 1_000_000_000n;
}

/** How far a capture's clock is ahead of the common one when the window opens, ns. */
function offsetAt(
  feed: Feed | undefined,
  reference: Feed | undefined,
  clock: LeafClock | undefined,
  startNs: number,
): bigint {
  if (clock === undefined || feed === undefined || reference === undefined || !Number.isFinite(startNs)) return 0n;
  const own = startNs - clock.add;
  return (
    BigInt(feed.baseSeconds - reference.baseSeconds) * 1_000_000_000n -
    BigInt(Math.round(clock.add + clock.rate * (own - clock.at)))
  );
}
