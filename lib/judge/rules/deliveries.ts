import type { Probe } from '../../evidence/types.js';
import { formOf } from '../../profile/duty.js';
import type { Profile } from '../../profile/types.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { kindCode } from '../../wire/classify.js';
import { kindEntry } from '../../wire/kinds.js';
import type { CertifiedTaps } from '../read/labTaps.js';
import type { ClockErrors } from '../read/clockErrors.js';
import type { LabRecord } from '../read/labRecord.js';
import type { Sighting } from '../read/sighting.js';
import { ALTERED, COPIES, DEAD, FIRST, FREE, LATE, LIVE } from '../read/sightingBits.js';
import type { Delivery, LeafDelivery, Outcome, Skew, Verdict } from '../types.js';
import { farApart, widestBetween, type FarApart, type UnknownSkew } from './farApart.js';
import { legStateAt, type LegState, type Liveness } from './liveness.js';
import { owedOf, owedOnHost } from './owed.js';
import { NO_EXCUSE, settleCarried, type Excuse } from '../vantage/carried.js';
import { createPatternTally, type Owed, type PatternTally } from './pattern.js';
import type { Receivers } from './receivers.js';
import type { Reception } from './reception.js';
import { RECOVERY_GROUP } from './recovery.js';
import { returnedProbes } from './returns.js';
import { mayBeHeard } from './secondHost.js';
import { createSkewHistogram } from './skew.js';
import type { SpreadSample } from './spread.js';
import { slowestCopy } from './travelTime.js';
import type { TimedProbe } from './unjudgedLegs.js';

export interface DeliveriesInput {
  readonly record: LabRecord;
  readonly taps: CertifiedTaps;
  readonly profile: Profile;
  readonly liveness: Liveness;
  readonly receivers: Receivers;
  readonly reception: Pick<Reception, 'lost' | 'heard'>;
  /** What the vantages of the leaves do not carry. */
  readonly excuse?: Excuse;
}

/** What became of all probes. */
export interface JudgedProbes {
  /** In the order of the probes; without those sent outside of the judged time. */
  readonly deliveries: readonly Delivery[];
  /** Equal ones grouped; claims are made from these. */
  readonly tally: PatternTally;
  readonly skew: Skew | null;
  readonly unknownSkew: UnknownSkew;
  /** Probes of which a copy is due on every live leg. */
  readonly timed: readonly TimedProbe[];
  /** Where each data frame that was sent once arrived. */
  readonly spread: readonly SpreadSample[];
}

/** All probes of a pattern are named in findings: a lab's evidence is small. */
const ALL = Number.POSITIVE_INFINITY;

/** Counts the copies of each probe on each leaf, and decides by its duty and the state of the legs what they mean. */
export function judgeDeliveries(input: DeliveriesInput): JudgedProbes {
  const { record, taps, profile, reception, excuse = NO_EXCUSE } = input;
  const { manifest, probes, index, base, clocks, leaves, senders } = record;
  const tally = createPatternTally(ALL);
  const skews = createSkewHistogram();
  const timed: TimedProbe[] = [];
  const spread: SpreadSample[] = [];
  const most = mayBeHeard(manifest, profile);
  const returned = new Set(taps.certified.senders.flatMap((watch) => returnedProbes(watch, probes, most)));
  const second = new Set(secondSendersOf(manifest.topology).map(({ node }) => node));
  const onWire = onWireOf(input);
  const maxSkewNs = profile.maxSkewNs ?? Infinity;
  const unknownSkew: number[] = [];
  const skewOf = (seen: OnWire['seen']): FarApart =>
    farApart(
      seen.map((list, leaf) => (taps.valid[leaf] === true ? list : [])),
      leaves,
      clocks,
      maxSkewNs,
    );
  const deliveries = probes.flatMap((probe, at): Delivery[] => {
    if (probe.outside === true) return [];
    const sentNs = index.sent[at] ?? 0;
    const form = formOf(probe.wireTags.length);
    const isOfSecond = second.has(probe.sender);
    const { duty, owed, isOnHost } = isOfSecond ? FROM_OUTSIDE : dutyOn(input, probe);
    const { states, seen } = onWire(at, sentNs);
    // Probes that measure when a leg is back are sent until it is.
    if (owed === 'replicated' && probe.group !== RECOVERY_GROUP) timed.push({ sentNs, states });
    const certified = seen.flatMap((list, leaf) => (taps.valid[leaf] === true ? list.map(({ ns }) => ns) : []));
    const firstNs = Math.min(...certified);
    const skewNs = certified.length < 2 ? null : Math.max(...certified) - firstNs;
    if (owed === 'replicated' && skewNs !== null) skews.add(skewNs);
    const apart = owed === 'replicated' && skewNs !== null ? skewOf(seen) : 'no';
    if (apart === 'unknown') unknownSkew.push(probe.id);
    const isSkewed = apart === 'yes';
    const lateNs = leaves.map((leaf) => sentNs + manifest.lateBandNs + clocks.between(probe.sender, leaf));
    const words = wordsOf(seen, states, lateNs, firstNs);
    const sender = Math.max(
      0,
      senders.findIndex(({ name }) => name === probe.sender),
    );
    const pattern = tally.add(sender, kindCode(probe.kind), form, owed, words, isSkewed, 1, probe.id);
    const { settled } = settleCarried(pattern, taps.valid, profile.deadLegMustBeSilent, excuse);
    const { outcomes, verdict } = settled;
    if (owed === 'single' && verdict === 'pass') spread.push(...sampleOf(probe, words, outcomes));
    const wasReceived = isOnHost && reception.heard.has(at);
    return [
      {
        probe: probe.id,
        kind: probe.kind,
        sender: probe.sender,
        group: probe.group,
        ...(isOfSecond ? { isOfSecondHost: true as const } : {}),
        form,
        duty,
        sentNs: probe.sentNs,
        leaves: Object.fromEntries(
          leaves.map((name, leaf): [string, LeafDelivery] => [
            name,
            {
              outcome: outcomes[leaf] ?? 'unknown',
              copies: (seen[leaf] ?? []).map(({ ns, offset, differences }) => ({
                tNs: base.toText(ns),
                offset,
                differences,
              })),
            },
          ]),
        ),
        verdict: returned.has(at) || reception.lost.has(at) ? 'fail' : onHostVerdict(verdict, wasReceived),
        skewNs,
      },
    ];
  });
  const compared = deliveries.filter(({ duty, skewNs }) => duty === 'replicated' && skewNs !== null).length;
  return {
    deliveries,
    tally,
    skew: withError(skews.result(), leaves, clocks),
    unknownSkew: { probes: unknownSkew, of: compared, maxSkewNs },
    timed,
    spread,
  };
}

/**
 * A frame to another sender of the same host passes once that sender has received it, if nothing else is wrong with it.
 */
function onHostVerdict(verdict: Verdict, wasReceived: boolean): Verdict {
  return verdict === 'skipped' && wasReceived ? 'pass' : verdict;
}

interface DutyOn {
  readonly duty: Delivery['duty'];
  readonly owed: Owed;
  /** It goes to another sender on the same host. */
  readonly isOnHost: boolean;
}

/** It comes in from a leaf, and may not go out to any. */
const FROM_OUTSIDE: DutyOn = { duty: 'unjudged', owed: 'never', isOnHost: false };

function dutyOn({ record: { leaves }, profile, receivers }: DeliveriesInput, probe: Probe): DutyOn {
  if (leaves.includes(probe.sender)) return FROM_OUTSIDE;
  if (receivers.addressed(probe) !== null) return { duty: 'on-host', owed: owedOnHost(probe.kind), isOnHost: true };
  const owed = owedOf(profile, probe.kind, formOf(probe.wireTags.length));
  return { duty: owed, owed, isOnHost: false };
}

/** The legs when a probe was sent, and its copies, by leaf. */
interface OnWire {
  readonly states: readonly LegState[];
  readonly seen: readonly (readonly Sighting[])[];
}

function onWireOf({ record, taps, liveness }: DeliveriesInput): (at: number, sentNs: number) => OnWire {
  const { manifest, probes, index, legs, timeline, clocks } = record;
  const byProbe = (watch: { readonly sightings: readonly Sighting[] } | null) =>
    groupByProbe(watch?.sightings ?? [], probes.length);
  const copies = taps.leaves.map(byProbe);
  const handed = taps.certified.legs.map(byProbe);
  return (at, sentNs) => {
    // Use the frame's own travel time; if no leaf saw it, fall back to the slowest copy.
    const arrived = copies.flatMap((list) => list[at] ?? []);
    const beforeNs =
      arrived.length === 0
        ? liveness.beforeNs
        : Math.max(manifest.edgeBandNs, slowestCopy(arrived, index.sent, manifest.lateBandNs)) + clocks.widestNs;
    const states = legs.map((leg) => legStateAt(timeline, leg, sentNs, { ...liveness, beforeNs }));
    const seen = copies.map((list, leaf) => [
      ...(list[at] ?? []),
      ...(states[leaf] === DEAD ? (handed[leaf]?.[at] ?? []) : []),
    ]);
    return { states, seen };
  };
}

function groupByProbe(sightings: readonly Sighting[], probes: number): readonly (readonly Sighting[])[] {
  const groups = Array.from({ length: probes }, (): Sighting[] => []);
  for (const sighting of sightings) groups[sighting.probe]?.push(sighting);
  return groups;
}

function withError(skew: Skew | null, leaves: readonly string[], clocks: ClockErrors): Skew | null {
  const errorNs = widestBetween(leaves, clocks);
  return skew === null || errorNs === 0 ? skew : { ...skew, errorNs };
}

function wordsOf(
  seen: OnWire['seen'],
  states: readonly LegState[],
  lateNs: readonly number[],
  firstNs: number,
): Uint8Array {
  return Uint8Array.from(seen, (list, leaf) => {
    let word = (states[leaf] ?? LIVE) | Math.min(list.length, COPIES);
    if (list.some(({ differences }) => differences.length > 0)) word |= ALTERED;
    // Where the lab itself delays or loses frames, late copies are expected.
    if (states[leaf] !== FREE && list.some(({ ns }) => ns > (lateNs[leaf] ?? Infinity))) word |= LATE;
    if (list.some(({ ns }) => ns === firstNs)) word |= FIRST;
    return word;
  });
}

/** Where a data frame went while every leg was up. */
function sampleOf({ sender, flow, kind }: Probe, words: Uint8Array, outcomes: readonly Outcome[]): SpreadSample[] {
  const wereAllLive = words.every((word) => (word & ~(COPIES | LATE | ALTERED | FIRST)) === LIVE);
  if (flow === undefined || kindEntry(kind).family !== 'data' || !wereAllLive) return [];
  return [{ sender, flow, leaf: outcomes.indexOf('delivered') }];
}
