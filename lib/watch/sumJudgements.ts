import type { CellCounts, Counts, Judgement, LeafCounts, Skew } from '../judge/types.js';
import { added } from '../judge/tell/totals.js';
import type { KindId } from '../wire/kinds.js';

type Matrix = NonNullable<Judgement['matrix']>;

/** Two judgements as one over both their times: what was counted is added, all else is the later one's. */
export function sumJudgements(before: Judgement, later: Judgement): Judgement {
  return {
    ...later,
    window: { fromNs: before.window.fromNs, toNs: later.window.toNs },
    totals: added(before.totals, later.totals),
    byLeaf: addedEach<LeafCounts>(before.byLeaf, later.byLeaf),
    kinds: addedEach<Counts>(before.kinds, later.kinds),
    matrix: mergedMatrix(before.matrix ?? {}, later.matrix ?? {}),
    skew: worstSkew(before.skew, later.skew),
    deliveries: [],
    background: addedEach<Readonly<Record<string, number>>>(before.background, later.background),
  };
}

/** Percentiles cannot be added: the worst of each figure, which is no less than that of both together. */
function worstSkew(a: Skew | null, b: Skew | null): Skew | null {
  if (a === null || b === null) return a ?? b;
  const errorNs = Math.max(a.errorNs ?? 0, b.errorNs ?? 0);
  return {
    p50Ns: Math.max(a.p50Ns, b.p50Ns),
    p99Ns: Math.max(a.p99Ns, b.p99Ns),
    maxNs: Math.max(a.maxNs, b.maxNs),
    ...(errorNs === 0 ? {} : { errorNs }),
  };
}

function mergedMatrix(a: Matrix, b: Matrix): Matrix {
  const kinds = Object.keys({ ...a, ...b }) as KindId[];
  return Object.fromEntries(kinds.map((kind) => [kind, addedEach<CellCounts>(a[kind] ?? {}, b[kind] ?? {})]));
}

function addedEach<T extends { readonly [Name in keyof T]?: number | undefined }>(
  a: Readonly<Record<string, T | undefined>>,
  b: Readonly<Record<string, T | undefined>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.keys({ ...a, ...b }).flatMap((name): [string, T][] => {
      const [x, y] = [a[name], b[name]];
      const sum = x === undefined ? y : y === undefined ? x : added(x, y);
      return sum === undefined ? [] : [[name, sum]];
    }),
  );
}
