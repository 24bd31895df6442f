import { KINDS, type KindEntry, type KindId } from '../wire/kinds.js';
import type { CellCounts, Delivery, Judgement, Outcome } from '../judge/types.js';
import type { Duty } from '../profile/types.js';
import { ALL_UP, faultStateAt, type FaultState } from './faultState.js';
import type { ReportDetails } from './details.js';
import type { TrialRecord, RunReport } from '../run/result.js';

export const OUTCOMES = [
  'missing',
  'duplicate',
  'altered',
  'unexpected',
  'late',
  'unknown',
  'not-judged',
  'in-band',
  'delivered',
  'not-expected',
] as const satisfies readonly Outcome[];

export type Tally = Readonly<Record<Outcome, number>>;

/** A delivery and the experiment that it belongs to. */
export interface DeliveryRef {
  readonly experiment: TrialRecord;
  readonly delivery: Delivery;
}

/** What one leaf saw of one kind, in one data plane and fault state. */
export interface MatrixCell {
  readonly leaf: string;
  readonly tally: Tally;
  /** Outcomes in the tally. */
  readonly total: number;
}

/**
 * `mixed`: it depends on the tag. `at-most-once`: once in total, or not at all. `never`: a leaf sent it, so that no
 * leaf may see it again. `on-host`: it is for another sender on the host.
 */
export type GroupDuty = Delivery['duty'] | 'mixed' | 'never';

/** Frames of one kind under different rules are in different rows. */
export type RowVariant = 'judged' | 'recorded' | 'on-host' | 'from-leaf';

export interface MatrixGroup {
  readonly plane: string;
  /** null where no such frame was sent. */
  readonly duty: GroupDuty | null;
  readonly cells: readonly MatrixCell[];
  readonly deliveries: readonly DeliveryRef[];
}

export interface MatrixRow {
  readonly kind: KindEntry;
  readonly variant: RowVariant;
  readonly groups: readonly MatrixGroup[];
}

export interface MatrixSection {
  readonly state: FaultState;
  readonly planes: readonly string[];
  readonly leaves: readonly string[];
  readonly rows: readonly MatrixRow[];
}

interface Bucket {
  readonly tallies: Map<string, Record<Outcome, number>>;
  readonly deliveries: DeliveryRef[];
  readonly duties: Set<GroupDuty>;
}

/**
 * Probes of all qualifying experiments by fault state, kind, data plane and leaf. Controls are not in it: they must
 * fail.
 */
export function buildMatrix(run: RunReport, details: ReportDetails): readonly MatrixSection[] {
  const states = new Map<string, FaultState>();
  const planes = new Set<string>();
  const buckets = new Map<string, Bucket>();
  const bucketOf = (state: FaultState, kind: KindId, variant: RowVariant, plane: string): Bucket => {
    const key = bucketKey(state, kind, variant, plane);
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = { tallies: new Map(run.leaves.map((leaf) => [leaf, emptyTally()])), deliveries: [], duties: new Set() };
      buckets.set(key, bucket);
    }
    states.set(state.key, states.get(state.key) ?? state);
    return bucket;
  };
  for (const experiment of run.experiments) {
    if (experiment.intent.type !== 'qualify' || experiment.judgement === null) continue;
    const detail = details.experiment(experiment.id);
    const plane = experiment.dataplane;
    planes.add(plane);
    const counted = countedKinds(experiment.judgement, run.leaves);
    for (const delivery of experiment.judgement.deliveries) {
      const variant = variantOf(delivery, run.leaves);
      const state = detail === null ? ALL_UP : faultStateAt(detail.manifest, BigInt(delivery.sentNs));
      const bucket = bucketOf(state, delivery.kind, variant, plane);
      bucket.deliveries.push({ experiment, delivery });
      bucket.duties.add(variant === 'from-leaf' ? 'never' : delivery.duty);
      if (variant === 'judged' && counted.has(delivery.kind)) continue;
      for (const leaf of run.leaves) {
        const seen = delivery.leaves[leaf];
        const tally = bucket.tallies.get(leaf);
        if (seen !== undefined && tally !== undefined) tally[seen.outcome] += 1;
      }
    }
    for (const [kind, { duty, cells }] of counted) {
      const bucket = bucketOf(ALL_UP, kind, 'judged', plane);
      bucket.duties.add(duty);
      for (const leaf of run.leaves) addCounts(bucket.tallies.get(leaf), cells[leaf]);
    }
  }
  return [...states.values()].sort(byState).map((state) => {
    const present = [...planes].filter((plane) =>
      VARIANTS.some((variant) => KINDS.some((kind) => buckets.has(bucketKey(state, kind.id, variant, plane)))),
    );
    return { state, planes: present, leaves: run.leaves, rows: rowsOf(state, present, run.leaves, buckets) };
  });
}

function variantOf(delivery: Delivery, leaves: readonly string[]): RowVariant {
  if (leaves.includes(delivery.sender) || delivery.isOfSecondHost === true) return 'from-leaf';
  if (delivery.duty === 'on-host') return 'on-host';
  return delivery.duty === 'unjudged' ? 'recorded' : 'judged';
}

interface Counted {
  readonly duty: Duty;
  readonly cells: Readonly<Record<string, CellCounts>>;
}

/**
 * Kinds of which the judge counted more than it listed, as with production captures: its counts are shown.
 */
function countedKinds(judgement: Judgement, leaves: readonly string[]): ReadonlyMap<KindId, Counted> {
  const listed = new Map<KindId, number>();
  for (const delivery of judgement.deliveries) {
    if (variantOf(delivery, leaves) !== 'recorded') listed.set(delivery.kind, (listed.get(delivery.kind) ?? 0) + 1);
  }
  return new Map(
    KINDS.flatMap(({ id }): [KindId, Counted][] => {
      const counts = judgement.kinds[id];
      const cells = judgement.matrix?.[id];
      if (counts === undefined || cells === undefined || counts.probes + counts.dataFrames <= (listed.get(id) ?? 0))
        return [];
      return [[id, { duty: counts.probes > 0 ? 'replicated' : 'single', cells }]];
    }),
  );
}

function addCounts(tally: Record<Outcome, number> | undefined, cell: CellCounts | undefined): void {
  if (tally === undefined || cell === undefined) return;
  const { frames, delivered, missing, duplicate, late, altered, unexpected, unclaimed } = cell;
  // What is only partly judged counts for no good copy.
  const open = Math.min(delivered, cell.partlyJudged ?? 0);
  tally.delivered += delivered - open;
  tally.missing += missing;
  tally.duplicate += duplicate;
  tally.late += late;
  tally.altered += altered;
  tally.unexpected += unexpected;
  tally.unknown += unclaimed;
  tally['not-judged'] += (cell.notJudged ?? 0) + open;
  // One frame can be both late and altered, so the rest may be negative.
  tally['not-expected'] += Math.max(0, frames - delivered - missing - duplicate - late - altered - unexpected);
}

const VARIANTS = ['judged', 'recorded', 'on-host', 'from-leaf'] as const satisfies readonly RowVariant[];

function bucketKey(state: FaultState, kind: KindId, variant: RowVariant, plane: string): string {
  return `${state.key}\n${kind}\n${variant}\n${plane}`;
}

function rowsOf(
  state: FaultState,
  planes: readonly string[],
  leaves: readonly string[],
  buckets: ReadonlyMap<string, Bucket>,
): readonly MatrixRow[] {
  return VARIANTS.flatMap((variant) =>
    KINDS.flatMap((kind) => {
      const groups = planes.map((plane) =>
        groupOf(plane, leaves, buckets.get(bucketKey(state, kind.id, variant, plane))),
      );
      return groups.some((group) => group.duty !== null) ? [{ kind, variant, groups }] : [];
    }),
  );
}

function groupOf(plane: string, leaves: readonly string[], bucket: Bucket | undefined): MatrixGroup {
  const [first, ...others] = bucket?.duties ?? [];
  return {
    plane,
    duty: others.length > 0 ? 'mixed' : (first ?? null),
    deliveries: bucket?.deliveries ?? [],
    cells: leaves.map((leaf) => {
      const tally = bucket?.tallies.get(leaf) ?? emptyTally();
      return { leaf, tally, total: OUTCOMES.reduce((sum, outcome) => sum + tally[outcome], 0) };
    }),
  };
}

/** Untouched first, then with legs down, then after they came back. */
function byState(a: FaultState, b: FaultState): number {
  const rank = (state: FaultState): number => (state.key === 'up' ? 0 : state.key === 'again' ? 2 : 1);
  return rank(a) - rank(b) || a.key.localeCompare(b.key);
}

export function emptyTally(): Record<Outcome, number> {
  return {
    delivered: 0,
    missing: 0,
    duplicate: 0,
    late: 0,
    altered: 0,
    unexpected: 0,
    'not-expected': 0,
    'in-band': 0,
    unknown: 0,
    'not-judged': 0,
  };
}
