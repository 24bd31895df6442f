import type { RecoveryFigure } from '../judge/types.js';
import type { TrialRecord } from '../run/result.js';

/** Median and worst of some figures, ns; null where there is none. */
export interface Spread {
  readonly median: number;
  readonly worst: number;
}

/** What one fault did to one replicator in one data plane, over all its repetitions. */
export interface RecoveryRow {
  readonly replicator: string;
  readonly plane: string;
  /** The plane without its kind, where it has variants. */
  readonly variant: string;
  readonly verb: string;
  readonly times: number;
  /** How often a due copy was missing. */
  readonly missing: number;
  /** From the beginning of the repair until a frame was on every leaf. */
  readonly back: Spread | null;
  /** How often that never happened although the fault was repaired. */
  readonly neverBack: number;
  /** Longest silence on a leaf, the worst leaf of each repetition. */
  readonly gap: Spread | null;
}

export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return { median: sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2, worst: sorted.at(-1) ?? 0 };
}

/** The recovery figures of all qualifying experiments, by replicator, data plane and fault. */
export function recoveryRows(experiments: readonly TrialRecord[]): readonly RecoveryRow[] {
  const groups = new Map<
    string,
    Pick<RecoveryRow, 'replicator' | 'plane' | 'variant'> & { readonly figures: RecoveryFigure[] }
  >();
  for (const { replicator, dataplane: plane, plane: traits, intent, judgement } of experiments) {
    if (intent.type !== 'qualify') continue;
    const variant = traits === null || traits.variant === '' ? plane : traits.variant;
    for (const figure of judgement?.recovery ?? []) {
      const key = `${replicator}\n${plane}\n${figure.verb}`;
      const group = groups.get(key) ?? { replicator, plane, variant, figures: [] };
      group.figures.push(figure);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .map(({ replicator, plane, variant, figures }): RecoveryRow => ({
      replicator,
      plane,
      variant,
      verb: figures[0]?.verb ?? '',
      times: figures.length,
      missing: figures.filter((figure) => figure.firstMissingNs !== null).length,
      back: spreadOf(figures.flatMap((figure) => (figure.backNs === null ? [] : [figure.backNs]))),
      neverBack: figures.filter((figure) => figure.downNs !== null && figure.backNs === null).length,
      gap: spreadOf(figures.map((figure) => Math.max(0, ...Object.values(figure.longestGapNs)))),
    }))
    .sort(
      (a, b) =>
        a.verb.localeCompare(b.verb) || a.plane.localeCompare(b.plane) || a.replicator.localeCompare(b.replicator),
    );
}
