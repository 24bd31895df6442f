import { KINDS, type KindEntry, type KindId } from '../wire/kinds.js';
import type { Delivery, Outcome } from '../judge/types.js';
import type { Duty } from '../profile/types.js';
import { ALL_UP, faultStateAt, type FaultState } from './faultState.js';
import type { ExperimentDetails, ReportDetails } from './details.js';
import type { ExperimentResult, RunReport } from './types.js';

export const OUTCOMES = [
  'missing', 'duplicate', 'altered', 'unexpected', 'late', 'unknown', 'in-band', 'delivered', 'not-expected',
] as const satisfies readonly Outcome[];

export type Tally = Readonly<Record<Outcome, number>>;

/** A delivery and the experiment that it belongs to. */
export interface DeliveryRef {
  readonly experiment: ExperimentResult;
  readonly delivery: Delivery;
}

/** What one leaf saw of one kind, in one data plane and fault state. */
export interface MatrixCell {
  readonly leaf: string;
  readonly tally: Tally;
  /** Outcomes in the tally. */
  readonly total: number;
}

export interface MatrixGroup {
  readonly plane: string;
  readonly duty: Duty | 'mixed' | null;
  readonly cells: readonly MatrixCell[];
  readonly deliveries: readonly DeliveryRef[];
  /** Single-sent frames that went to some leaf and are not listed one by one (production captures). */
  readonly unlisted: number;
}

export interface MatrixRow {
  readonly kind: KindEntry;
  readonly groups: readonly MatrixGroup[];
}

export interface MatrixSection {
  readonly state: FaultState;
  readonly planes: readonly string[];
  readonly leaves: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Name of a column group: the data plane, with the bond mode where the name does not say it. */
export function planeOf(experiment: ExperimentResult, details: ExperimentDetails | null): string {
  const mode = details?.manifest.topology.host.bond.mode;
  return mode === undefined || experiment.dataplane.includes(mode) ? experiment.dataplane : `${experiment.dataplane} ${mode}`;
}

interface Bucket {
  readonly tallies: Map<string, Record<Outcome, number>>;
  readonly deliveries: DeliveryRef[];
  readonly duties: Set<Duty>;
  unlisted: number;
}

/** Probes of all qualifying experiments by fault state, kind, data plane and leaf. Controls are not in it: they must fail. */
export function buildMatrix(run: RunReport, details: ReportDetails): readonly MatrixSection[] {
  const states = new Map<string, FaultState>();
  const planes = new Set<string>();
  const buckets = new Map<string, Bucket>();
  const bucketOf = (state: FaultState, kind: KindId, plane: string): Bucket => {
    const key = `${state.key}\n${kind}\n${plane}`;
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = { tallies: new Map(run.leaves.map((leaf) => [leaf, emptyTally()])), deliveries: [], duties: new Set(), unlisted: 0 };
      buckets.set(key, bucket);
    }
    states.set(state.key, states.get(state.key) ?? state);
    return bucket;
  };
  for (const experiment of run.experiments) {
    if (experiment.intent.type !== 'qualify' || experiment.judgement === null) continue;
    const detail = details.experiment(experiment.id);
    const plane = planeOf(experiment, detail);
    planes.add(plane);
    for (const delivery of experiment.judgement.deliveries) {
      const state = detail === null ? ALL_UP : faultStateAt(detail.manifest, BigInt(delivery.sentNs));
      const bucket = bucketOf(state, delivery.kind, plane);
      bucket.deliveries.push({ experiment, delivery });
      bucket.duties.add(delivery.duty);
      for (const leaf of run.leaves) {
        const seen = delivery.leaves[leaf];
        const tally = bucket.tallies.get(leaf);
        if (seen !== undefined && tally !== undefined) tally[seen.outcome] += 1;
      }
    }
    addUnlisted(experiment, run.leaves, (kind) => bucketOf(ALL_UP, kind, plane));
  }
  return [...states.values()].sort(byState).map((state) => {
    const present = [...planes].filter((plane) => KINDS.some((kind) => buckets.has(`${state.key}\n${kind.id}\n${plane}`)));
    return { state, planes: present, leaves: run.leaves, rows: rowsOf(state, present, run.leaves, buckets) };
  });
}

/** Of production captures the judge lists what is not a pass; the passes are known from its counts. */
function addUnlisted(experiment: ExperimentResult, leaves: readonly string[], bucketOf: (kind: KindId) => Bucket): void {
  const { judgement } = experiment;
  if (judgement === null) return;
  const listedPass = new Map<KindId, number>();
  const listedSingle = new Map<KindId, number>();
  for (const delivery of judgement.deliveries) {
    if (delivery.duty === 'replicated' && delivery.verdict === 'pass') bump(listedPass, delivery.kind);
    if (delivery.duty === 'single') bump(listedSingle, delivery.kind);
  }
  for (const { id } of KINDS) {
    const counts = judgement.kinds[id];
    if (counts === undefined) continue;
    const passes = counts.delivered - (listedPass.get(id) ?? 0);
    if (passes > 0 && counts.probes > 0) {
      const bucket = bucketOf(id);
      bucket.duties.add('replicated');
      for (const leaf of leaves) {
        const tally = bucket.tallies.get(leaf);
        if (tally !== undefined) tally.delivered += passes;
      }
    }
    const singles = counts.dataFrames - (listedSingle.get(id) ?? 0);
    if (singles > 0) {
      const bucket = bucketOf(id);
      bucket.duties.add('single');
      bucket.unlisted += singles;
    }
  }
}

function rowsOf(state: FaultState, planes: readonly string[], leaves: readonly string[], buckets: ReadonlyMap<string, Bucket>): readonly MatrixRow[] {
  return KINDS.flatMap((kind) => {
    const groups = planes.map((plane): MatrixGroup => {
      const bucket = buckets.get(`${state.key}\n${kind.id}\n${plane}`);
      const duties = [...(bucket?.duties ?? [])];
      return {
        plane,
        duty: duties.length > 1 ? 'mixed' : (duties[0] ?? null),
        deliveries: bucket?.deliveries ?? [],
        unlisted: bucket?.unlisted ?? 0,
        cells: leaves.map((leaf) => {
          const tally = bucket?.tallies.get(leaf) ?? emptyTally();
          return { leaf, tally, total: OUTCOMES.reduce((sum, outcome) => sum + tally[outcome], 0) };
        }),
      };
    });
    return groups.some((group) => group.duty !== null) ? [{ kind, groups }] : [];
  });
}

/** Untouched first, then with legs down, then after they came back. */
function byState(a: FaultState, b: FaultState): number {
  const rank = (state: FaultState): number => (state.key === 'up' ? 0 : state.key === 'again' ? 2 : 1);
  return rank(a) - rank(b) || a.key.localeCompare(b.key);
}

export function emptyTally(): Record<Outcome, number> {
  return { delivered: 0, missing: 0, duplicate: 0, late: 0, altered: 0, unexpected: 0, 'not-expected': 0, 'in-band': 0, unknown: 0 };
}

function bump<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
