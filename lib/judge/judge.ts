import type { EvidenceManifest, NeighborHistory, Probe, Tap, TrafficHistory } from '../evidence/types.js';
import { RECOVERY_GROUP } from './rules/recoveryGroup.js';
import { formOf } from '../profile/duty.js';
import type { Profile } from '../profile/types.js';
import { sendersOf } from '../topology/senders.js';
import { KINDS } from '../wire/kinds.js';
import { announcesOwnOf } from './rules/announced.js';
import { certificateFindings, certificateOf, problemsOf, type Problem } from './read/certificate.js';
import type { Sender } from './tell/claim.js';
import { timeBase } from './read/clock.js';
import { conclude } from './tell/conclude.js';
import { blockedJudgement, labFindings } from './rules/labFindings.js';
import { watchLeaf, type LeafWatch, type WatchContext } from './read/leafWatch.js';
import { inOrder, legStateAt, type Liveness } from './rules/liveness.js';
import { macNumber } from './read/macs.js';
import { neighborTables } from './rules/neighborTables.js';
import { owedOf, owedOnHost } from './rules/owed.js';
import { createPatternTally, type Owed, type Pattern } from './rules/pattern.js';
import { indexProbes } from './read/probeIndex.js';
import { receiversOf } from './rules/receivers.js';
import { receptionFindings } from './rules/reception.js';
import { watchSender, type SenderWatch } from './rules/returns.js';
import { recoveryFigures, recoveryFindings } from './rules/recovery.js';
import { settle } from './rules/outcomesOf.js';
import type { Sighting } from './read/sighting.js';
import { createSkewHistogram } from './rules/skew.js';
import { spreadFindings, type SpreadSample } from './rules/spread.js';
import { knowledgeOf } from './rules/strays.js';
import { doubtful } from './rules/switchDrops.js';
import { tappedSender } from './read/tappedSender.js';
import { trafficFindings } from './rules/traffic.js';
import { unjudgedLegs, type TimedProbe } from './rules/unjudgedLegs.js';
import type { Certificate, Delivery, Finding, Judgement, LeafDelivery } from './types.js';
import { ALTERED, COPIES, DEAD, FIRST, FREE, LATE, LIVE } from './read/sightingBits.js';

export interface JudgeInput {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  /** Where leaf tables were watched (P13). */
  readonly neighbors?: NeighborHistory;
  /** Where a client streamed through the fabric. */
  readonly traffic?: TrafficHistory;
  /** The bytes of a tap's capture file; nothing where there is no file. */
  readonly capture: (tap: Tap) => Iterable<Uint8Array>;
}

/** All probes of a pattern are named in findings: a lab's evidence is small. */
const ALL = Number.POSITIVE_INFINITY;

/**
 * Judges the evidence of a lab: its own probes, found again on each leaf by their tokens or their content. Pure and synchronous; the same
 * evidence gives the same judgement. Every copy in a capture counts, also one after the window's end: it is a copy nevertheless.
 */
export function judge(input: JudgeInput, profile: Profile = input.manifest.profile): Judgement {
  const { manifest, probes } = input;
  const { topology } = manifest;
  const base = timeBase(manifest.window.openNs);
  const index = indexProbes(probes, base);
  const leaves = topology.leaves.map((leaf) => leaf.name);
  const legs = leaves.map((leaf) => topology.legs.find((leg) => leg.leaf === leaf)?.name ?? '');
  const senders: readonly Sender[] = [
    ...sendersOf(topology).map((sender) => ({ name: sender.node, mac: sender.mac.toLowerCase() })),
    ...leaves.map((name) => ({ name, mac: null })),
  ];
  const kinds = new Map<string, number>(KINDS.map((entry, code) => [entry.id, code]));

  const timeline = inOrder(manifest.timeline);

  // 1. What each tap saw, and whether it may be believed.
  const context: WatchContext = {
    salt: manifest.salt,
    base,
    probes: index,
    wireTags: probes.map((probe) => probe.wireTags),
    slackNs: manifest.lateBandNs,
    senderMacs: new Set(senders.flatMap(({ mac }) => (mac === null ? [] : [macNumber(mac)]))),
    changes: timeline
      .filter(({ type }) => type !== 'observed' && type !== 'mark')
      .map(({ fromNs }) => base.fromText(fromNs))
      .sort((a, b) => a - b),
    announcesOwn: announcesOwnOf(topology),
    leafMacs: new Set([
      ...topology.leaves.map((leaf) => macNumber(leaf.gatewayMac)),
      ...topology.legs.map((leg) => macNumber(leg.leafMac)),
    ]),
  };
  const watch = (role: Tap['role'], leg: string | undefined): LeafWatch | null => {
    const tap = manifest.taps.find((candidate) => candidate.role === role && candidate.leg === leg);
    return tap === undefined ? null : watchLeaf(tap, input.capture(tap), context);
  };
  const watches = legs.map((leg) => watch('leaf', leg));
  // A leaf cannot see what is sent down its dead leg; a tap at the host's end can.
  const legWatches = legs.map((leg) => watch('leg', leg));
  const senderWatches = manifest.taps
    .filter((tap) => tap.role === 'sender')
    .map((tap): SenderWatch => {
      return watchSender(tap, input.capture(tap), manifest.salt, base, index, probes, tappedSender(topology, tap.node));
    });
  const certificates: Record<string, Certificate> = {};
  const extra: Finding[] = [];
  const valid = watches.map((found, leaf) => {
    const name = leaves[leaf] ?? '';
    const problems: Problem[] =
      found === null
        ? [{ signature: 'no-proof-of-life', text: 'it was never captured' }]
        : problemsOf(found.contents, {
            firstSighting: found.sightings[0]?.order ?? null,
            cut: found.cut,
            unlisted: found.unlisted,
          });
    certificates[name] =
      found === null
        ? {
            valid: false,
            problems: problems.map((problem) => problem.text),
            frames: 0,
            drops: null,
            firstNs: null,
            lastNs: null,
          }
        : certificateOf(found.contents, problems, base);
    extra.push(...certificateFindings(name, true, problems));
    return problems.length === 0;
  });
  const believed = ({ contents, unlisted }: SenderWatch | LeafWatch): boolean => {
    const problems = problemsOf(contents, { firstSighting: null, cut: 0, unlisted });
    const { name } = contents.tap;
    certificates[name] = certificateOf(contents, problems, base);
    extra.push(...certificateFindings(name, false, problems));
    return problems.length === 0;
  };
  const ears = senderWatches.filter(believed);
  const ends = legWatches.map((found) => (found !== null && believed(found) ? found : null));
  extra.push(...ears.flatMap((found) => found.findings));

  // 2. What became of each probe.
  const copies = leaves.map((_, leaf) => groupByProbe(watches[leaf]?.sightings ?? [], probes.length));
  const handed = leaves.map((_, leaf) => groupByProbe(ends[leaf]?.sightings ?? [], probes.length));
  const returned = new Set(ears.flatMap((found) => [...found.returned]));
  const tally = createPatternTally(ALL);
  const skews = createSkewHistogram();
  const spread: SpreadSample[] = [];
  const timed: TimedProbe[] = [];
  const slowest = slowestCopy(
    watches.flatMap((found) => found?.sightings ?? []),
    index.sent,
    manifest.lateBandNs,
  );
  const liveness: Liveness = {
    beforeNs: Math.max(manifest.edgeBandNs, slowest),
    afterNs: manifest.edgeBandNs,
    base,
    profile,
    host: topology.host.node,
  };
  const receivers = receiversOf(topology);
  const reception = receptionFindings({ manifest, probes, index, receivers, ears, timeline, liveness, profile });
  extra.push(...reception.findings);
  const spreadLegs = leaves.flatMap((_, leaf) =>
    valid[leaf] === true &&
    timeline.every(
      (event) => event.type === 'observed' || event.type === 'mark' || ('leg' in event && event.leg !== legs[leaf]),
    )
      ? [leaf]
      : [],
  );
  const deliveries = probes.flatMap((probe, at): Delivery[] => {
    if (probe.outside === true) return [];
    const sentNs = index.sent[at] ?? 0;
    const form = formOf(probe.wireTags.length);
    const origin = leaves.indexOf(probe.sender);
    const isOnHost = origin < 0 && receivers.addressed(probe) !== null;
    const toLeaves = isOnHost ? owedOnHost(probe.kind) : owedOf(profile, probe.kind, form);
    const duty = origin >= 0 ? 'unjudged' : isOnHost ? 'on-host' : toLeaves;
    const owed: Owed = origin >= 0 ? 'never' : toLeaves;
    // How long it was on its way, a frame tells itself, unless no leaf has it.
    const arrived = leaves.flatMap((_, leaf) => copies[leaf]?.[at] ?? []);
    const beforeNs =
      arrived.length === 0
        ? liveness.beforeNs
        : Math.max(manifest.edgeBandNs, slowestCopy(arrived, index.sent, manifest.lateBandNs));
    const states = legs.map((leg) => legStateAt(timeline, leg, sentNs, { ...liveness, beforeNs }));
    // Those that tell when a leg is back are sent until it is.
    if (owed === 'replicated' && probe.group !== RECOVERY_GROUP) timed.push({ sentNs, states });
    const seen = leaves.map((_, leaf) => [
      ...(copies[leaf]?.[at] ?? []),
      ...(states[leaf] === DEAD ? (handed[leaf]?.[at] ?? []) : []),
    ]);
    const certified = seen.flatMap((list, leaf) => (valid[leaf] === true ? list.map((sighting) => sighting.ns) : []));
    const firstNs = Math.min(...certified);
    const skewNs = certified.length < 2 ? null : Math.max(...certified) - firstNs;
    if (owed === 'replicated' && skewNs !== null) skews.add(skewNs);
    const words = Uint8Array.from(seen, (list, leaf) => {
      let word = (states[leaf] ?? LIVE) | Math.min(list.length, COPIES);
      if (list.some((sighting) => sighting.differences.length > 0)) word |= ALTERED;
      // Where the way itself is broken, late is no wonder.
      if (states[leaf] !== FREE && list.some((sighting) => sighting.ns - sentNs > manifest.lateBandNs)) word |= LATE;
      if (list.some((sighting) => sighting.ns === firstNs)) word |= FIRST;
      return word;
    });
    const skewed =
      owed === 'replicated' && skewNs !== null && profile.maxSkewNs !== undefined && skewNs > profile.maxSkewNs;
    const sender = Math.max(
      0,
      senders.findIndex((candidate) => candidate.name === probe.sender),
    );
    const pattern: Pattern = tally.add(sender, kinds.get(probe.kind) ?? 0, form, owed, words, skewed, 1, probe.id);
    const { outcomes, verdict } = settle(pattern, valid, profile.deadLegMustBeSilent);
    const on = outcomes.indexOf('delivered');
    const { family } = KINDS[pattern.kind] ?? KINDS[0];
    if (
      owed === 'single' &&
      verdict === 'pass' &&
      probe.flow !== undefined &&
      family === 'data' &&
      words.every((word) => (word & ~(COPIES | LATE | ALTERED | FIRST)) === LIVE)
    ) {
      spread.push({ sender: probe.sender, flow: probe.flow, leaf: on });
    }
    return [
      {
        probe: probe.id,
        kind: probe.kind,
        sender: probe.sender,
        group: probe.group,
        form,
        duty,
        sentNs: probe.sentNs,
        leaves: Object.fromEntries(
          leaves.map((leaf, i): [string, LeafDelivery] => [
            leaf,
            {
              outcome: outcomes[i] ?? 'unknown',
              copies: (seen[i] ?? []).map(({ ns, offset, differences }) => ({
                tNs: base.toText(ns),
                offset,
                differences,
              })),
            },
          ]),
        ),
        verdict:
          returned.has(at) || reception.lost.has(at)
            ? 'fail'
            : isOnHost && verdict === 'skipped' && reception.heard.has(at)
              ? 'pass'
              : verdict,
        skewNs,
      },
    ];
  });

  // 3. What follows.
  const recovery = recoveryFigures(
    timeline,
    deliveries,
    leaves.filter((_, leaf) => valid[leaf] === true),
    base,
  );
  extra.push(...recoveryFindings(recovery));
  extra.push(
    ...unjudgedLegs(timed, {
      timeline,
      liveness,
      legs,
      leaves,
      valid,
      silent: profile.deadLegMustBeSilent,
      tapped: legWatches.map((found) => found !== null),
    }),
  );
  if (manifest.plane.spreads !== 'no') extra.push(...spreadFindings(spread, spreadLegs, leaves));
  const lab = labFindings(
    manifest,
    watches,
    valid,
    leaves,
    senders,
    knowledgeOf(
      manifest,
      senderWatches.map(({ contents: { tap }, wasAsked }) => ({ tap, wasAsked })),
      certificates,
    ),
  );
  extra.push(...lab.findings);
  if (input.neighbors !== undefined) extra.push(...neighborTables(input.neighbors, deliveries));
  if (input.traffic !== undefined) extra.push(...trafficFindings(input.traffic, liveness.beforeNs));
  // Where nothing happens but probes, it does not matter when they were sent.
  const happens = manifest.timeline.length > 0 || input.neighbors !== undefined;
  const sentNs = new Map(probes.map((probe, at) => [probe.id, index.sent[at] ?? 0]));
  const conclusion = conclude({
    tally,
    valid,
    silent: profile.deadLegMustBeSilent,
    extra,
    doubt: (findings) => doubtful(findings, topology.host.node, manifest.switchDrops ?? [], input.traffic),
    reflected: lab.reflected + ears.reduce((sum, found) => sum + found.count, 0),
    context: {
      leaves,
      senders,
      lateNs: manifest.lateBandNs,
      maxSkewNs: profile.maxSkewNs,
      ...(happens ? { sentNs: (probe: number) => sentNs.get(probe) ?? 0 } : {}),
    },
  });
  return {
    ...(manifest.blocked === null
      ? { verdict: conclusion.verdict, reasons: conclusion.reasons, findings: conclusion.findings }
      : blockedJudgement(manifest.blocked, conclusion)),
    ...(manifest.skipped === undefined || manifest.blocked !== null
      ? {}
      : { verdict: 'skipped' as const, reasons: [`It cannot be tried on this machine: ${manifest.skipped}.`] }),
    profile: profile.name,
    leaves,
    window: { fromNs: manifest.window.openNs, toNs: manifest.window.closeNs },
    totals: conclusion.totals,
    byLeaf: conclusion.byLeaf,
    kinds: conclusion.kinds,
    matrix: conclusion.matrix,
    skew: skews.result(),
    ...(recovery.length === 0 ? {} : { recovery }),
    clock: {},
    certificates,
    deliveries,
    background: backgroundOf(watches, leaves),
  };
}

/** The longest time that one of these copies took which is not late, ns: so long before a cable is cut frames may be sent that do not come through any more. */
function slowestCopy(sightings: readonly Sighting[], sent: Float64Array, lateBandNs: number): number {
  return sightings.reduce((slowest, { probe, ns }) => {
    const took = ns - (sent[probe] ?? ns);
    return took <= lateBandNs ? Math.max(slowest, took) : slowest;
  }, 0);
}

function groupByProbe(sightings: readonly Sighting[], probes: number): readonly (readonly Sighting[])[] {
  const groups = Array.from({ length: probes }, (): Sighting[] => []);
  for (const sighting of sightings) groups[sighting.probe]?.push(sighting);
  return groups;
}

function backgroundOf(watches: readonly (LeafWatch | null)[], leaves: readonly string[]): Judgement['background'] {
  const kinds = KINDS.filter((entry) => watches.some((watch) => watch?.background.has(entry.id)));
  return Object.fromEntries(
    kinds.map((entry) => [
      entry.id,
      Object.fromEntries(leaves.map((leaf, i) => [leaf, watches[i]?.background.get(entry.id) ?? 0])),
    ]),
  );
}
