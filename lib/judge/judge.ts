import type { EvidenceManifest, NeighborHistory, Probe, Tap, TrafficHistory } from '../evidence/types.js';
import type { Profile } from '../profile/types.js';
import { secondSendersOf } from '../topology/secondHost.js';
import { KINDS } from '../wire/kinds.js';
import type { Claims } from './captures/captureClaims.js';
import { claimsJudged, demandFindings, takenNotes, withoutUncarried } from './captures/claimFindings.js';
import { blindFindings, labClaims } from './labClaims.js';
import { labRecordOf, type LabRecord } from './read/labRecord.js';
import { certifyTaps, readTaps, type LabTaps } from './read/labTaps.js';
import { excusedByCpuWaits } from './rules/cpuWaits.js';
import { judgeDeliveries } from './rules/deliveries.js';
import type { Liveness } from './rules/liveness.js';
import { receiversOf } from './rules/receivers.js';
import { receptionFindings } from './rules/reception.js';
import { recoveryFigures } from './rules/recovery.js';
import { returnedFrames } from './rules/returns.js';
import { RULES, type Facts } from './rules/rules.js';
import { doubtful } from './rules/switchDrops.js';
import { slowestCopy } from './rules/travelTime.js';
import { conclude, type Conclusion } from './tell/conclude.js';
import { verdictOn } from './tell/verdictOn.js';
import { NOTHING_UNKNOWN } from './rules/farApart.js';
import type { Finding, Judgement } from './types.js';

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

/**
 * Judges the evidence of a lab: its own probes, found again on each leaf by their tokens or their content. Pure and
 * synchronous; the same evidence gives the same judgement. Every copy in a capture counts, also one after the window's
 * end.
 */
export function judge(input: JudgeInput, profile: Profile = input.manifest.profile): Judgement {
  const facts = factsOf(input, profile);
  const { record, taps, judged, recovery } = facts;
  const { manifest, leaves } = record;
  const claims = labClaims(record, judged.unknownSkew);
  const conclusion = concludeFrom(facts, claims);
  return {
    ...verdictOn(manifest, conclusion),
    profile: profile.name,
    leaves,
    window: { fromNs: manifest.window.openNs, toNs: manifest.window.closeNs },
    totals: conclusion.totals,
    byLeaf: conclusion.byLeaf,
    kinds: conclusion.kinds,
    matrix: conclusion.matrix,
    skew: judged.skew,
    ...(claims.isSaid ? { claims: claimsJudged(leaves, claims) } : {}),
    ...(recovery.length === 0 ? {} : { recovery }),
    clock: {},
    certificates: taps.certificates,
    deliveries: judged.deliveries,
    background: backgroundOf(taps.leaves, leaves),
  };
}

function factsOf({ manifest, probes, neighbors, traffic, capture }: JudgeInput, profile: Profile): Facts {
  const record = labRecordOf(manifest, probes);
  const taps = certifyTaps(record, readTaps(record, capture));
  const liveness = livenessOf(record, taps, profile);
  const receivers = receiversOf(manifest.topology);
  const { index, timeline, base } = record;
  const reception = receptionFindings({
    manifest,
    probes,
    index,
    receivers,
    senderTaps: taps.certified.senders,
    timeline,
    liveness,
    profile,
  });
  const { excuse } = labClaims(record, NOTHING_UNKNOWN);
  const judged = judgeDeliveries({ record, taps, profile, liveness, receivers, reception, excuse });
  const certifiedLeaves = record.leaves.filter((_, leaf) => taps.valid[leaf] === true);
  return {
    record,
    profile,
    taps,
    liveness,
    reception,
    judged,
    recovery: recoveryFigures(timeline, judged.deliveries, certifiedLeaves, base),
    ...(neighbors === undefined ? {} : { neighbors }),
    ...(traffic === undefined ? {} : { traffic }),
  };
}

function livenessOf({ manifest, index, base, clocks }: LabRecord, { leaves }: LabTaps, profile: Profile): Liveness {
  const sightings = leaves.flatMap((watch) => watch?.sightings ?? []);
  return {
    beforeNs: Math.max(manifest.edgeBandNs, slowestCopy(sightings, index.sent, manifest.lateBandNs)) + clocks.widestNs,
    afterNs: manifest.edgeBandNs + clocks.widestNs,
    base,
    profile,
    host: manifest.topology.host.node,
    movesFlows: manifest.plane.movesFlows === true,
  };
}

function concludeFrom(facts: Facts, claims: Claims): Conclusion {
  const { record, judged } = facts;
  const { leaves } = record;
  const found = RULES.flatMap((rule) => rule(facts));
  if (!claims.isSaid) return concludeWith(facts, claims, found);
  const carried = withoutUncarried(found, leaves, claims);
  const { taken } = concludeWith(facts, claims, carried);
  const replicated = new Set(judged.deliveries.flatMap(({ probe, duty }) => (duty === 'replicated' ? [probe] : [])));
  return concludeWith(facts, claims, [
    ...carried,
    ...takenNotes(leaves, taken, claims),
    // What was never due is not missed.
    ...(replicated.size === 0 ? [] : demandFindings(leaves, claims, taken)),
    ...blindFindings(record, (probe) => replicated.has(probe)),
  ]);
}

function concludeWith(facts: Facts, { excuse }: Claims, extra: readonly Finding[]): Conclusion {
  const { record, taps, profile, judged, neighbors, traffic } = facts;
  const { manifest, probes, index, base, leaves, senders } = record;
  // If nothing happens but probes, it does not matter when they were sent.
  const happens = manifest.timeline.length > 0 || neighbors !== undefined;
  const sentNs = new Map(probes.map((probe, at) => [probe.id, index.sent[at] ?? 0]));
  return conclude({
    tally: judged.tally,
    valid: taps.valid,
    silent: profile.deadLegMustBeSilent,
    extra,
    excuse,
    doubt: (findings) =>
      doubtful(
        excusedByCpuWaits(findings, {
          waits: manifest.cpuWaits ?? [],
          deliveries: judged.deliveries,
          base,
          lateNs: manifest.lateBandNs,
          maxSkewNs: profile.maxSkewNs ?? Infinity,
        }),
        [manifest.topology.host, ...secondSendersOf(manifest.topology)].map(({ node }) => node),
        manifest.switchDrops ?? [],
        traffic,
      ),
    reflected:
      sum(
        taps.leaves.flatMap((watch, leaf) => (taps.valid[leaf] === true ? [...(watch?.reflected.values() ?? [])] : [])),
      ) + sum(taps.certified.senders.map(returnedFrames)),
    context: {
      leaves,
      senders,
      lateNs: manifest.lateBandNs,
      maxSkewNs: profile.maxSkewNs,
      ...(happens ? { sentNs: (probe: number) => sentNs.get(probe) ?? 0 } : {}),
    },
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

function backgroundOf(watches: LabTaps['leaves'], leaves: readonly string[]): Judgement['background'] {
  const kinds = KINDS.filter(({ id }) => watches.some((watch) => watch?.background.has(id)));
  return Object.fromEntries(
    kinds.map(({ id }) => [
      id,
      Object.fromEntries(leaves.map((leaf, at) => [leaf, watches[at]?.background.get(id) ?? 0])),
    ]),
  );
}
