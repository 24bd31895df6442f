import type { NeighborHistory, TrafficHistory } from '../../evidence/types.js';
import type { Profile } from '../../profile/types.js';
import type { CertifiedTaps } from '../read/labTaps.js';
import type { LabRecord } from '../read/labRecord.js';
import type { Finding, RecoveryFigure } from '../types.js';
import { auditFindings } from './audit.js';
import type { JudgedProbes } from './deliveries.js';
import { unknownSkewNotes } from './farApart.js';
import type { Liveness } from './liveness.js';
import { neighborTables } from './neighborTables.js';
import { partnerFindings } from './partners.js';
import type { Reception } from './reception.js';
import { recoveryFindings } from './recovery.js';
import { reflectionFindings } from './reflections.js';
import { mayBeHeard, secondHostFindings } from './secondHost.js';
import { returnFindings } from './returns.js';
import { legsThroughout, spreadFindings } from './spread.js';
import { doubtStrangers, knowledgeOf, unexplainedFindings } from './unexplained.js';
import { tableMoves } from './tableMoves.js';
import { isOnTheWire } from '../vantage/vantages.js';
import { trafficFindings } from './traffic.js';
import { unjudgedLegs } from './unjudgedLegs.js';

/** All that is known of a lab once its captures are read, certified, and matched with its probes. */
export interface Facts {
  readonly record: LabRecord;
  readonly profile: Profile;
  readonly taps: CertifiedTaps;
  readonly liveness: Liveness;
  readonly reception: Reception;
  readonly judged: JudgedProbes;
  readonly recovery: readonly RecoveryFigure[];
  /** Absent where leaf tables were not watched. */
  readonly neighbors?: NeighborHistory;
  /** Absent where no client streamed through the fabric. */
  readonly traffic?: TrafficHistory;
}

/**
 * The findings from these facts, beyond those from each probe's copies (P1, P2, P3, P4, P5 and P7: see tell/claims.ts).
 */
export type Rule = (facts: Facts) => readonly Finding[];

/** Findings of one signature stay in the order of this list. */
export const RULES: readonly Rule[] = [
  ({ taps }) => taps.findings,
  ({ taps, profile, record: { manifest, probes } }) =>
    taps.certified.senders.flatMap((watch) => returnFindings(watch, probes, mayBeHeard(manifest, profile))),
  ({ record, taps, profile }) => secondHostFindings(record, taps, profile),
  ({ reception }) => reception.findings,
  ({ judged: { unknownSkew }, record: { leaves, clocks } }) => unknownSkewNotes(unknownSkew, leaves, clocks),
  ({ recovery }) => recoveryFindings(recovery),
  ({ judged: { timed }, record: { timeline, legs, leaves }, taps, liveness, profile }) =>
    unjudgedLegs(timed, {
      timeline,
      liveness,
      legs,
      leaves,
      valid: taps.valid,
      silent: profile.deadLegMustBeSilent,
      tapped: taps.legs.map((watch) => watch !== null),
    }),
  ({ record: { manifest, timeline, legs, leaves }, taps, judged: { spread } }) =>
    manifest.plane.spreads === 'no' ? [] : spreadFindings(spread, legsThroughout(timeline, legs, taps.valid), leaves),
  ({ record: { manifest } }) => tableMoves(manifest),
  ({ record: { manifest } }) => partnerFindings(manifest),
  ({ record: { manifest } }) => auditFindings(manifest.audit),
  ({ taps, record: { leaves, senders } }) => reflectionFindings(taps, leaves, senders),
  ({ taps, record: { manifest, leaves, senders } }) => {
    const known = knowledgeOf(manifest, taps.senders, taps.certificates);
    return taps.leaves.flatMap((watch, at) => {
      const leaf = leaves[at] ?? '';
      const found = unexplainedFindings(
        leaf,
        watch?.unexplained ?? [],
        senders,
        taps.valid[at] === true ? known : () => 'nothing',
      );
      const place = manifest.vantages?.[leaf];
      return place === undefined || isOnTheWire({ name: place.kind, losses: null })
        ? found
        : doubtStrangers(found, `${place.kind} (${place.at})`);
    });
  },
  ({ neighbors, judged: { deliveries } }) => (neighbors === undefined ? [] : neighborTables(neighbors, deliveries)),
  ({ traffic, liveness }) => (traffic === undefined ? [] : trafficFindings(traffic, liveness.beforeNs)),
];
